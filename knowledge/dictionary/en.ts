/** English words and phrases of one meaning in shops, accounts and banks; a group per line, terms by comma. Written by hand. */
export const ENGLISH_SYNONYMS = `
refund, money back, reimbursement, reimburse, get my money, repay, return my money, refunded, restitution, compensation, compensate, rebate
return, send back, give back, take back, ship back, bring back
exchange, swap, replace, replacement, change item, trade, substitute
cancel, terminate, call off, revoke, undo, abort, stop order, annul, void, cancellation, withdraw order, rescind
delete, remove, erase, close, deactivate, get rid of, shut down, wipe, eliminate, terminate
modify, change, edit, update, alter, correct, amend, adjust, switch, swap, fix, revise
order, purchase, buy, item bought, shopping
purchase, buy, place order, order, acquire, shop, ordering, making a purchase
arrive, delivered, come, reach, receive, get here, show up, be here, turn up
when arrive, delivery time, how long delivery, estimated delivery, eta, when get, when come, delivery date, arrival date, when receive, arrival time, how soon deliver
delivery, shipping, shipment, ship, deliver, dispatch, send, courier, transport, freight, postage
not arrived, not received, never came, havent received, missing, did not get, didnt receive, still waiting, not delivered, hasnt arrived, never arrived, lost package, not here yet, still not received, not come
track, tracking, where order, locate, status, follow, order status, whereabouts, trace, where package, parcel location
package, parcel, box, packet, mail, consignment, goods, shipment
shipping cost, delivery charge, delivery fee, shipping fee, postage, shipping charge, freight, shipping price
free shipping, free delivery, no shipping cost, without delivery charge
cash on delivery, cod, pay on delivery, pay when delivered, pay at delivery, cash payment
pincode, pin code, zip code, postal code, zipcode, area, location, postcode
deliver here, do you deliver, delivery available, ship to my, available in my area, delivery in my city, serviceable
store, shop, outlet, showroom, branch, physical store, offline store, retail store, retailer, dealer, center
near me, nearby, nearest, close to me, around me, my city, my area, locality
address, location, shipping address, delivery address, street, residence
pay, payment, make payment, checkout, settle, paying, pay for
payment method, ways to pay, payment options, payment modes, pay by, accepted payments, how can pay, forms of payment
payment failed, payment declined, cannot pay, payment not going through, transaction failed, payment error, unable to pay, payment issue, payment problem, payment rejected, payment not accepted
installment, emi, monthly payment, pay later, finance, financing, pay in parts, instalment, installments, down payment
price, cost, rate, how much, charges, amount, pricing, quote, expensive, value
discount, offer, deal, promotion, coupon, promo, sale, promo code, voucher, coupon code, discount code, code, cheaper, reduce price, best price, reduction, special offer, promotional code
invoice, bill, receipt, billing, proof of purchase, tax invoice, statement
warranty, guarantee, guaranty, guaranteed, warrantee
trial, trial period, try, test period, trial offer, demo, sample
damaged, broken, defective, faulty, not working, doesnt work, cracked, torn, defect, poor quality, malfunction, dead, stopped working, damage, bad quality, ruined, spoiled, leaking, expired
wrong item, different item, incorrect product, not what ordered, wrong product, not same, wrong size, wrong color, mismatch, incorrect item
missing item, incomplete, not all items, only part, missing parts, less quantity, short
fake, counterfeit, genuine, authentic, original, real, duplicate, legit, scam, authenticity, fraud seller
available, in stock, stock, availability, have, out of stock, sold out, back in stock, restock
size, dimension, measurement, sizes, length, width, height, inches, cm, fit, large, small
customize, custom, customized, tailor made, customise, custom size, customisation, special size, personalise, personalize
difference, compare, differ, better, versus, vs, comparison, different, distinguish, which one better, which better
recommend, suggest, suitable, best for, which one should, which is good, advise, suggestion, recommended
feature, features, specification, details, about product, information, specs, describe, description, info, product details
material, made of, fabric, foam, ingredients, composition, contents
color, colour, shade, colors
weight, heavy, kg, lbs, how heavy
quality, durable, good, reliable, last
review, feedback, rating, comment, opinion, testimonial, leave review, rate, critique
complaint, complain, claim, unhappy, dissatisfied, grievance, disappointed, file complaint, report, lodge, protest, unsatisfied
contact, reach, get in touch, call, speak, talk, phone number, email, customer care, contact number, customer service, support number, helpline, get hold of, communicate
agent, human, representative, person, operator, real person, live agent, someone, customer service agent, advisor, human agent, assistant
open time, opening hours, working hours, business hours, hours, timings, when open, operating hours, office hours
account, profile, user account, membership
create account, sign up, register, open account, registration, new account, signing up, enroll, join, make account, set up account
login, log in, sign in, access account, signin, logging in, log into, get into
cannot login, unable to log in, cannot access, cannot sign in, login problem, locked out, login failed
password, passcode, pass code, pin, pw, pword, credentials, passphrase
forgot password, reset password, recover password, lost password, change password, forgotten, dont remember password, recover, retrieve, restore, remember
verify, verification, identity, confirm identity, id check, validate, authenticate, verified, prove identity, authentication, proof of identity, kyc, identification
verification code, otp, sms code, code, security code, confirmation code
email, e-mail, mail, email address
phone, mobile, cell, telephone, smartphone, cellphone, handset
subscription, newsletter, subscribe, mailing list, membership, unsubscribe, emails, sign up newsletter
points, coins, rewards, loyalty, reward points, loyalty points, bonus points
gift, present, gift card, gift certificate, giveaway, freebie, free gift
card, debit card, credit card, bank card, visa, mastercard, physical card, plastic
virtual card, disposable card, temporary card, digital card
lost card, stolen card, card missing, lost or stolen, cant find card, card was stolen, misplaced card, card gone
card arrival, card not arrived, waiting for card, where is card, card delivery, card still not here, new card come, track card
activate, activation, enable, start using, turn on, set up, switch on, unlock
block, freeze, lock, suspend, disable, restricted, blocked, locked, frozen, deactivated
top up, topup, add money, load, add funds, deposit, fund account, top-up, topping up, put money, reload
withdraw, withdrawal, cash out, take out, atm, cash machine, get cash, take money, cashpoint, pull money
transfer, send money, wire, move money, transaction, remit, sending money, transfering, transferring
exchange rate, currency rate, conversion rate, foreign exchange, rate applied, fx rate, exchange rates
currency, currencies, foreign currency, dollars, euros, pounds, usd, eur, gbp, aud, fiat
fee, charge, extra charge, charged, commission, additional fee, fees, surcharge, extra fee, costs, penalty
charged twice, double charged, duplicate charge, charged two times, billed twice, paid twice, duplicate payment, same charge twice
unknown charge, unrecognized, did not make, unauthorized, dont recognize, fraud, fraudulent, not mine, strange charge, not authorized, suspicious, i didnt make, unfamiliar
pending, processing, still pending, on hold, in progress, waiting, not completed, yet to
declined, rejected, refused, denied, not accepted, failed, not go through, fail, unsuccessful, not working, did not work, reverted, returned, not went through, did not go through, not allowed
balance, remaining, money left, funds, how much money, account balance
limit, maximum, cap, minimum, max, restriction, limits, limited
direct debit, standing order, recurring payment, automatic payment, autopay
apple pay, google pay, mobile wallet, digital wallet, samsung pay
country, countries, abroad, overseas, international, foreign, worldwide, region, europe, eu, outside
age, how old, minimum age, old enough, child, kids, children, 18, daughter, son, age limit, teenager
beneficiary, recipient, payee, receiver
problem, issue, trouble, error, difficulty, wrong, complication, mistake, glitch, inconvenience, concern
seller, vendor, merchant, store owner, shop owner, supplier, manufacturer, distributor, partner
dispute, open dispute, claim, appeal, case, chargeback
tax, customs, duty, import tax, vat, gst, customs duty
urgent, fast, quickly, asap, immediately, express, faster, expedite, quick, rush, speed up, urgently, hurry
delay, late, delayed, slow, taking too long, overdue, so long, long time, postponed, behind
photo, picture, image, screenshot, photos, pic
app, application, website, site, web, online
link, url, website link
steps, procedure, process, method, way, guide, instructions, instruction, policy, rules, terms
bank account, account number, bank, iban, bank details
customer, client, user, buyer, member, shopper
name, surname, last name, first name, username, user name, nickname
personal data, personal details, personal information, details, my information, my details, user details
business, company, wholesale, bulk, bulk order, reseller, franchise, corporate, large quantity
job, career, vacancy, hiring, work for you, employment
mattress, bed, cushion
pillow, pillows, cushion
back pain, backache, spine, orthopedic, backpain, back problem, orthopaedic, pain
protein, whey, supplement, nutrition, powder, supplements
weight loss, lose weight, fat loss, slim, reduce weight, fat burner, diet, fat, lose fat
weight gain, gain weight, mass gainer, muscle gain, bulk, build muscle, gainer, muscle
side effect, side effects, harmful, safe, adverse, safety, reaction
dosage, dose, how to take, how to use, how to consume, usage, consume, intake, take
doctor, dietician, nutritionist, physician, consult, expert, consultation, specialist
hello, hi, hey, good morning, good evening, greetings
bye, goodbye, see you, talk later
thanks, thank you, thx, appreciate
angry, upset, frustrated, terrible, awful, worst, useless, ridiculous
`;
