/** More phrases of one meaning from orders, accounts and cards in English. Written by hand. */
export const ENGLISH_SERVICE_SYNONYMS = `
salary, wage, paycheck, income, pay check, direct deposit, payroll
statement, transaction history, history, transaction list, records, list of transactions
stranger, someone else, another person, other person, third party, somebody else
child, kid, kids, son, daughter, minor, children, teen, youngster
single, double, queen, king, twin, king size, queen size, single bed, double bed
smell, odor, odour, scent, stink
hot, heat, cooling, cool, temperature, summer
sleep, sleeping, night sleep, rest
taste, flavour, flavor, flavors, chocolate, vanilla
tablet, capsule, pill, tablets, capsules, pills
bottle, jar, tub, box, pouch, sachet, pack
combo, bundle, set, kit, pack of
daily, every day, per day, each day, once a day
twice, two times, double, again, second time
before, prior, in advance, ahead, pre
after, later, following, afterwards, post
immediately, instant, instantly, at once, straight away, right away, real time
yet, still, so far, till now, until now
always, every time, constantly, keeps, again and again, repeatedly
anywhere, everywhere, any place, wherever
someone, anybody, anyone, who
cost to return, return shipping, who pays return, return shipping fee, return cost, pay return shipping
refund time, refund take, when refund, refund days, how long refund, when will i get refund, get my refund
refund method, refund to card, where refund go, refund to account
partial refund, half refund, part of money, partially refunded
order cancelled, order was cancelled, seller cancelled, order closed, my order cancelled automatically
confirm receipt, confirm delivery, confirm order received, confirm goods received, accidentally confirmed
extend, extend time, prolong, more time, extension, extend protection
protection, buyer protection, purchase protection, guarantee period
customs fee, import fee, import charges, custom duty, import duties
seller not responding, seller doesnt reply, seller no answer, contact seller, message seller, chat with seller
payment confirmation, payment verified, payment pending, verify payment, payment under review
two orders, ordered twice, duplicate order, same order twice, double order
change size, change color, wrong size selected, change quantity, different size, different color
wrong address, address mistake, incorrect address, address error
tracking not updating, no tracking info, tracking not working, tracking stuck, no update, tracking doesnt work, no tracking
promo code not working, coupon not working, cannot use coupon, code not applied, discount not applied, coupon invalid, unable to use coupon
cannot order, unable to order, cant place order, order not going through, cannot buy, unable to purchase, order failed
app not working, website not working, page not loading, app crash, cannot open app
change phone number, new phone number, update phone, new number, changed number, old number
change email, new email, update email, different email
change name, update name, name changed, married name, edit name
card expired, card expiring, renew card, card about to expire, expired card
second card, additional card, another card, extra card, multiple cards, two cards
link card, add card, connect card, attach card, register card, existing card
card payment fee, charged fee for payment, extra fee payment, extra charge card, fee for using card
cash withdrawal fee, charged for withdrawal, atm fee, fee for withdrawing
transfer fee, charged for transfer, fee for transfer, transfer charge
wrong exchange rate, bad exchange rate, incorrect rate, rate is wrong, exchange rate wrong
wrong amount, incorrect amount, less cash, different amount, amount wrong, not the amount
refund missing, refund not showing, wheres my refund, refund not in statement, refund not arrived, refund didnt come
cancel transfer, stop transfer, reverse transaction, undo transfer, revert transfer, cancel transaction, cancel payment
balance not updated, balance didnt change, balance same, balance wrong, not showing in balance
deposit cheque, cash deposit, cheque deposit, check deposit, deposited
auto top up, automatic top up, top up automatically, auto topup
top up failed, top up not working, top up declined, top up cancelled, top up didnt work, top up rejected
top up limit, maximum top up, top up max, how much can i top up
top up by card, top up with card, card top up
top up by bank transfer, top up by transfer, bank transfer top up
top up by cash, top up by cheque, top up with cash
verify identity, prove my identity, identity check, verify my identity, confirm my identity, id verification
why verify, need to verify, have to verify, verification necessary, reason verification
cannot verify, verification failed, unable to verify, identity not verified, verification not working
where can i use, where is accepted, who accepts, which stores accept, card acceptance, places accept
phone lost, phone stolen, lost my phone, stolen phone, lost phone
spare card, extra card, second card, another card, additional card, one more card
physical card, actual card, real card, plastic card
terminate account, close account, delete account, close my account, shut account, end account
passcode, pin, pin code, password, pin number
unblock, unlock, unfreeze, reactivate, enable again
atm, cash machine, cashpoint, cash point
fiat, currency, currencies, money type
hold currency, store currency, keep currency, hold money, multiple currencies
deduct, debit, take out, withdrawn from, taken from, charge
extra pound, extra dollar, extra fee, additional charge, small charge, one pound, mystery fee
merchant, shop, store, seller, retailer, vendor
item returned, returned item, sent back, brought back, send it back
unknown, unrecognised, strange, unfamiliar, weird, odd
twice, double, two times, duplicated, duplicate, repeated
urgent, urgently, emergency, right away, as soon as possible
abroad, overseas, foreign country, another country, outside country, travelling, traveling, on holiday
europe, eu, european, uk, us, usa
weekend, saturday, sunday, holiday, public holiday, bank holiday
how old, age, minimum age, age requirement, years old
child, kid, son, daughter, teenager, minor, children
lost, misplaced, cant find, cannot find, missing, disappeared
stolen, robbed, theft, thief, mugged, stole
link, connect, attach, pair, add, register
expire, expired, run out, ends, valid, validity
rate, exchange rate, conversion, conversion rate
salary, paycheck, wages, pay, income
identity, id, passport, identification, proof of identity, documents
verify, verification, validate, prove, authenticate, confirm identity
track, trace, locate, follow, find out where, where is
edit, change, modify, update, correct, alter, amend
remove, delete, take off, take out, drop, erase
swap, exchange, replace, substitute, switch
wrong, incorrect, mistaken, bad, not right
damaged, broken, defective, faulty, cracked, torn
late, delayed, overdue, slow, behind schedule
seller refuses, seller rejected, seller declined, seller does not agree, seller disagree
open dispute, start dispute, file dispute, raise dispute, make a dispute
cancel dispute, close dispute, withdraw dispute, stop dispute
escalate, appeal, involve support, ask platform
proof, evidence, photo, video, screenshot, picture
judgement, judgment, decision, result, verdict, outcome
reopen, open again, dispute again, second dispute
ship to, deliver to, send to, shipping to, available in
change language, switch language, translate, language, english version, speak
change currency, switch currency, currency display, show prices in
add to cart, shopping cart, basket, cart, bag
wish list, wishlist, favorites, favourites, saved items
store follow, follow store, favorite store, find store, search store
coins, coin, points, credits
select coupon, store coupon, seller coupon, new user coupon, coupon
flash deal, flash sale, super deal, deals, promotion
invite friends, referral, refer, invitation, invite
sell on, become seller, open store, start selling, sell products
product review, leave feedback, feedback, rate seller, rating
message seller, contact seller, talk to seller, chat with seller, reach seller, ask seller
parcel lost, package lost, lost in mail, lost parcel, never arrived
returned to sender, sent back to seller, returned to seller, package returned
customs, held at customs, stuck at customs, import, clearance
partial, half, some of, part of
pay with, pay by, pay using, use for payment
double check, check again, recheck, verify again
how are you, how r u, how do you do, whats up
who are you, your name, are you a bot, are you robot, are you human, are you real
good, nice, great, excellent, perfect, awesome
stupid, useless, bad service, idiot, worst, terrible
flavour, flavor, taste, flavors
expiry date, manufacturing date, best before, shelf life, expiration date
genuine, authentic, original, real, legit
dosage, how much to take, how many times, serving, scoop, how to consume
cash on delivery, cod, pay on delivery, pay at door
store near, nearest store, store location, outlet, physical store, offline store
franchise, dealership, distributor, partner, reseller
order id, order number, order no, order details
not deliverable, pincode not serviceable, cannot deliver, not available at pincode
`;
