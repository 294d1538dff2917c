/** What the shopper's words add to a question about an order. */

const HURRY =
  /催|快点|快點|快些|赶紧|趕緊|赶快|趕快|尽快|儘快|抓紧|抓緊|还不发|還不發|怎么还没|怎麼還沒|多久发|多久發|什么时候发|什麼時候發|何时发|何時發|hurry|asap|speed (?:it )?up|still (?:not|hasn'?t) ship|when will (?:it|my \w+) (?:be )?(?:ship|sent)|急いで|早く|まだ(?:発送|届)|いつ発送/iu;

const NOT_RECEIVED =
  /[没沒未][有能]?(?:收到|拿到|取到|见到|見到)|没见着|(?:not|never|n[o'’]t)\s+(?:yet\s+|been\s+|even\s+)?(?:receiv|got|get|arriv|deliver|here)|届(?:いて(?:い)?(?:ない|ません)|かない|きません)|受け取って(?:い)?(?:ない|ません)/iu;

/** 催单: the shopper wants it sent sooner. */
export const isHurrying = (text: string): boolean => HURRY.test(text);

const SAYS_DELIVERED = /签收|簽收|送达|送達|妥投|deliver(?:ed|y confirmed)|配達(?:済|完了)/iu;

/** "I have not got it": on its way still, or lost at the door. */
export const isNotReceived = (text: string): boolean => NOT_RECEIVED.test(text);

/** "It says delivered, and I have nothing." */
export const isLostAtDoor = (text: string): boolean => isNotReceived(text) && SAYS_DELIVERED.test(text);
