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
`;
