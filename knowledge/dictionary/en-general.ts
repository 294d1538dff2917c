/** Everyday English words of one meaning, a group per line, terms by comma. Written by hand. */
export const ENGLISH_GENERAL_SYNONYMS = `
buy, purchase, get, obtain, acquire
show, display, appear, visible, see
find, locate, look for, search, looking for, seek, discover, spot
view, see, check, look at, look up, watch, examine, consult, inspect, take a look
give, provide, offer, supply
use, utilize, apply, redeem, spend, make use
apply, redeem, use coupon, enter code
add, include, insert, put, attach
increase, raise, higher, upgrade, boost, more
decrease, reduce, lower, less, downgrade, cut
begin, start, commence, launch
end, finish, complete, stop, over
confirm, confirmation, verify, approve, approval, acknowledge
accept, take, support, allow, honor, honour
allow, permit, let, enable
request, ask for, apply for, demand, require
need, require, necessary, must, have to, mandatory
require, requirement, condition, criteria, eligible, eligibility, qualify
keep, hold, retain, store
save, store, keep
choose, select, pick, option, opt
set, configure, settings, setup, setting, set up
work, function, operate, working, functioning
break, crash, malfunction
fix, solve, resolve, repair, sort out, resolution, solution, solving
explain, clarify, describe, elaborate, tell about
understand, know, learn, find out, figure out
receive, get, obtain, got, collect
collect, pick up, pickup, self pickup
wait, waiting, await, hold on
move, relocate, moved, moving, new address
travel, trip, vacation, abroad, holiday
expire, expiration, expiry, expired, expires, run out, valid until, about to expire
new, another, different, replacement, fresh
old, previous, former, earlier, past
wrong, incorrect, mistaken, invalid, inaccurate, not right, not correct, error
correct, right, accurate, proper
same, identical, equal
extra, additional, more, another, second
multiple, several, many, more than one, various
free, no cost, complimentary, without charge, at no charge
expensive, costly, pricey, high price, too high
cheap, inexpensive, affordable, low price, lower price
big, large, huge, bigger, larger
small, little, tiny, smaller
fast, quick, speedy, rapid, instant
safe, secure, protected, protection, security
secret, private, privacy, confidential
total, full, whole, entire, overall, sum
missing, lost, disappeared, gone, vanished, cant find, cannot find, misplaced
happen, occur, take place, going on
today, now, right now, immediately, at the moment, currently
soon, shortly, near future
date, day, time, schedule
night, evening
week, weekly, days
month, monthly
year, yearly, annual
people, person, someone, somebody, anyone, anybody, others
friend, family, someone else, another person, relative, other people
company, firm, business, organization
place, location, spot, where
machine, atm, device
document, paper, form, paperwork, file
picture, photo, image, selfie
message, text, sms, notification, chat
call, phone, ring, telephone
notify, inform, alert, notification, remind, notice
visit, go to, come to, drop by
contain, include, consist, comprise
cover, protect, include
comfortable, comfort, cozy, soft, firm, hard
clean, wash, washing, laundry, washable, cleaning
thick, thickness, height
delivery option, shipping method, delivery method, shipping option, delivery options, ways to ship
delivery time, shipping time, how long ship
track order, order status, where my order, check order, status of order
cancel order, stop my order, remove order, drop order
change order, modify order, edit order, update order, swap item, change item, alter order
return policy, refund policy, returns, return process, money back guarantee, cancellation policy
cancellation fee, cancellation penalty, exit fee, early termination fee, withdrawal fee, charge for cancelling
check refund, refund status, track refund, refund progress, where refund, refund not received
change shipping address, update address, modify address, edit address, wrong address, change address, new shipping address
set up shipping address, add address, enter address, new address, save address
switch account, change account, change to another account, upgrade account, different account
edit account, modify account, update account, change profile, update profile, change account details
delete account, close account, cancel account, remove account, terminate account
registration problem, sign up error, cannot register, registration error, signup issue
newsletter subscription, subscribe newsletter, unsubscribe newsletter
customer service hours, when support available, hours of support
speak to human, talk to agent, contact human agent, real person, live chat
leave feedback, write review, post comment, give opinion, submit review
damaged product, broken item, arrived damaged, defective product
how to order, place an order, make an order, order online, buy online
payment not processed, payment stuck, pending payment
card not working, card broken, card doesnt work, card wont work
pin blocked, change pin, new pin, forgot pin, wrong pin, set pin
verify top up, top up verification
cash withdrawal, atm withdrawal, cash from atm
transfer pending, transfer not received, transfer not arrived, transfer delayed, transfer taking long
transfer failed, transfer declined, failed transfer, transfer not working, transfer not go through
source of funds, where money come from, source of money
supported countries, which countries, countries supported
contactless, tap, nfc
swallowed, kept card, stuck, retained, ate, took card
compromised, hacked, stolen, security breach, unauthorized access, someone else using, someone using
get card, order card, apply for card, request card, new card, obtain card
delivery to country, ship internationally, ship abroad, ship to
original product, authentic product, genuine product, real product
franchise, distributorship, dealership
consult, consultation, talk to expert, dietician, doctor consultation
skin, skin care, acne, hair, hair fall, hair loss
immunity, energy, vitamin, multivitamin, stamina
vegetarian, vegan, veg
sugar, diabetes, diabetic
muscle, body building, bodybuilding, gym, workout
what are you, who are you, are you human, are you bot, are you robot
boyfriend, girlfriend, married, single
joke, funny, laugh
love you, like you, marry
`;
