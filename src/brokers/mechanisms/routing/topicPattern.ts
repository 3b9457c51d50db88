// Matching of topics made of levels, with a wildcard for one level and one for many, in the three dialects of brokers.
// A dialect is data; there is one matcher for all of them.

/** What distinguishes the dialects. */
export interface TopicDialect {
  readonly separator: string;
  /** Takes exactly one level. */
  readonly one: string;
  /** Takes any number of levels, at least `manyTakes`. */
  readonly many: string;
  readonly manyTakes: 0 | 1;
  /** Whether `many` may stand anywhere; otherwise only at the end. */
  readonly manyAnywhere: boolean;
  /** Whether a text without characters has no levels, instead of an empty one. */
  readonly emptyHasNone: boolean;
  /** Whether a level may be empty, as between two separators. */
  readonly emptyLevels: boolean;
  /** Whether a wildcard inside a level, as in `a*`, is a mistake; otherwise it is an ordinary character there. */
  readonly wildcardsStandAlone: boolean;
  /** Whether a topic that begins with `$` is hidden from patterns that begin with a wildcard. */
  readonly hidesDollar: boolean;
}

/** AMQP 0-9-1 (RabbitMQ's topic exchange): words between dots, `*` for one, `#` for any number including none, anywhere. */
export const amqpTopics: TopicDialect = {
  separator: ".",
  one: "*",
  many: "#",
  manyTakes: 0,
  manyAnywhere: true,
  emptyHasNone: true,
  emptyLevels: true,
  wildcardsStandAlone: false,
  hidesDollar: false,
};

/** MQTT 3.1.1 and 5.0, section 4.7: levels between slashes, which may be empty; `+` for one, `#` for the rest including the
 *  level above it. */
export const mqttTopics: TopicDialect = {
  separator: "/",
  one: "+",
  many: "#",
  manyTakes: 0,
  manyAnywhere: false,
  emptyHasNone: false,
  emptyLevels: true,
  wildcardsStandAlone: true,
  hidesDollar: true,
};

/** NATS: tokens between dots, never empty; `*` for one, `>` for the rest, which is at least one. */
export const natsSubjects: TopicDialect = {
  separator: ".",
  one: "*",
  many: ">",
  manyTakes: 1,
  manyAnywhere: false,
  emptyHasNone: false,
  emptyLevels: false,
  wildcardsStandAlone: false,
  hidesDollar: false,
};

/** The levels of a topic or of a pattern. */
export function topicLevels(dialect: TopicDialect, text: string): readonly string[] {
  return text === "" && dialect.emptyHasNone ? [] : text.split(dialect.separator);
}

/** Whether a topic fits a pattern, both as levels; both must be without fault. Case counts. Time is at most the product of
 *  the lengths: when a level does not fit, only the latest wildcard for many has to take one more. */
export function matchesTopic(
  dialect: TopicDialect,
  pattern: readonly string[],
  topic: readonly string[],
): boolean {
  const { one, many, manyTakes } = dialect;
  if (dialect.hidesDollar && topic[0]?.startsWith("$") === true)
    if (pattern[0] === one || pattern[0] === many) return false;
  let p = 0;
  let t = 0;
  let afterMany = -1;
  let manyTookUntil = 0;
  while (t < topic.length) {
    const level = pattern[p];
    if (level === many) {
      afterMany = ++p;
      t += manyTakes;
      manyTookUntil = t;
    } else if (level !== undefined && (level === one || level === topic[t])) {
      p++;
      t++;
    } else if (afterMany >= 0) {
      p = afterMany;
      t = ++manyTookUntil;
    } else return false;
  }
  if (manyTakes === 0) while (pattern[p] === many) p++;
  return p === pattern.length;
}

/** What is wrong with a pattern (`wildcards: "allowed"`) or with the name of a topic (`"forbidden"`), as the rest of a
 *  sentence about it; undefined when nothing is. */
export function topicFault(
  dialect: TopicDialect,
  text: string,
  wildcards: "allowed" | "forbidden",
): string | undefined {
  const { one, many, separator } = dialect;
  if (text === "" && !dialect.emptyHasNone) return "is empty";
  const levels = topicLevels(dialect, text);
  if (!dialect.emptyLevels && levels.includes(""))
    return `has an empty part: "${separator}" stands at an end or twice in a row`;
  const isWild = (level: string) =>
    dialect.wildcardsStandAlone
      ? level.includes(one) || level.includes(many)
      : level === one || level === many;
  if (wildcards === "forbidden" && levels.some(isWild))
    return `has a wildcard ("${one}" or "${many}"), which only those who receive may use`;
  if (levels.some((level) => isWild(level) && level.length > 1))
    return `has a wildcard beside other characters: "${one}" and "${many}" stand alone between "${separator}"`;
  if (!dialect.manyAnywhere && levels.slice(0, -1).includes(many))
    return `has "${many}" before its end`;
  return undefined;
}
