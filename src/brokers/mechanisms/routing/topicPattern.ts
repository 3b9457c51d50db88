// Topic matching of AMQP 0-9-1: words between dots, `*` for exactly one, `#` for any number including none.
// A text without characters has no words at all; every other text has one word more than it has dots.

/** The words of a routing key or of a binding pattern. */
export function topicWords(text: string): readonly string[] {
  return text === "" ? [] : text.split(".");
}

/** Whether a key fits a pattern, both as words. Case counts. Time is at most the product of the lengths:
 *  when a word does not fit, only the latest `#` has to take one word more. */
export function matchesTopic(pattern: readonly string[], key: readonly string[]): boolean {
  let p = 0;
  let k = 0;
  let afterHash = -1;
  let hashTookUntil = 0;
  while (k < key.length) {
    const word = pattern[p];
    if (word === "#") {
      afterHash = ++p;
      hashTookUntil = k;
    } else if (word !== undefined && (word === "*" || word === key[k])) {
      p++;
      k++;
    } else if (afterHash >= 0) {
      p = afterHash;
      k = ++hashTookUntil;
    } else return false;
  }
  while (pattern[p] === "#") p++;
  return p === pattern.length;
}
