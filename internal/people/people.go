// Package people knows the units, the people who work in them, what each may do, and whether it is
// really them.
//
// Every other capability asks it for a unit's name on a day ([Service.Directory]), for the roles it
// builds its permission rules on (roles.go), and for who acts (the login puts an [access.Actor]
// into the context). Units, localities and offices are data with periods of validity: a document of
// 2021 keeps showing the names of 2021 (domain.md 2.6). A role is person × role × scope × period; a
// person in several roles picks none, the sum of the rights counts (domain.md 2.1).
//
// What it promises: nobody learns from an answer or its duration whether an account exists; guessing
// slows the guesser and not the school behind the same address (throttle.go); no secret is stored or
// logged in clear; every change is one transaction with its audit line.
//
// Start reading at [Service], then units.go, accounts.go and login.go. The office pages are in
// package peopleweb.
//
// Source: domain.md 2.1–2.4, 2.6; L-17; P-17.
package people
