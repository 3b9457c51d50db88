// Patterns of JSON objects as SNS and EventBridge filter by them: fields are AND, the values of a field OR, `$or` between
// groups of fields. To the rules of AWS's matcher (aws/event-ruler 2.0.1), which looks only at values without parts and asks
// that those from one array come from the same element. Bounded, because patterns come from links.

import { fail, type Result, succeed } from "../../../base/result.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "./messageFacts.ts";
import { type Leaf, parseValueTest, type PatternDialect, type ValueTest } from "./valueTests.ts";

/** Most groups of fields that the `$or` of a pattern may multiply to. */
const GROUPS_MAX = 1000;

/** Most steps of a comparison; a pattern and an event that need more do not match. */
const STEPS_MAX = 50_000;

/** The tests of one field; `name` is its path, joined by dots. */
interface FieldTests {
  readonly name: string;
  readonly tests: readonly ((value: Leaf) => boolean)[];
  readonly takesAbsence: boolean;
}

/** A pattern: one of the groups has to fit with all its fields, which are in order of their names. */
export interface JsonPattern {
  readonly groups: readonly (readonly FieldTests[])[];
  readonly names: ReadonlySet<string>;
}

const or = "$or";

/** Names that inside `$or` tell that no alternative is meant. */
const reserved = new Set(
  "exactly,equals-ignore-case,prefix,suffix,anything-but,exists,wildcard,numeric,cidr,=,<,<=,>,>=,regex,not-wildcard,not-equals-ignore-case,date-after,date-on-or-after,date-before,date-on-or-before,in-date-range,ip-address-in-range,ip-address-not-in-range".split(
    ",",
  ),
);

/** Reads the text of a pattern. The failure is a sentence. */
export function parsePattern(text: string, dialect: PatternDialect): Result<JsonPattern, string> {
  const parsed = parseJson(text);
  return parsed.ok ? compilePattern(parsed.value, dialect) : parsed;
}

/** Reads a pattern. Where `$or` does not introduce alternatives it is a name like any other. The failure is a sentence. */
export function compilePattern(value: Json, dialect: PatternDialect): Result<JsonPattern, string> {
  const first = new PatternReader(dialect, "alternatives");
  const groups = first.read(value);
  if (first.problem === "") return succeed(patternOf(groups));
  const second = new PatternReader(dialect, "a name");
  const plain = second.read(value);
  return second.problem === "" ? succeed(patternOf(plain)) : fail(first.problem);
}

type Group = ReadonlyMap<string, FieldTests>;

function patternOf(groups: readonly Group[]): JsonPattern {
  const inOrder = groups.map((group) =>
    [...group.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
  return { groups: inOrder, names: new Set(groups.flatMap((group) => [...group.keys()])) };
}

/** Reads one pattern; the first problem stays. */
class PatternReader {
  problem = "";
  readonly #dialect: PatternDialect;
  readonly #orIs: "alternatives" | "a name";

  constructor(dialect: PatternDialect, orIs: "alternatives" | "a name") {
    this.#dialect = dialect;
    this.#orIs = orIs;
  }

  read(value: Json): readonly Group[] {
    if (isJsonObject(value)) return this.#object(value, [], { path: "", isInOr: false });
    this.#refuse('A pattern is a JSON object, such as {"type": ["a"]}.');
    return [];
  }

  #refuse(sentence: string): void {
    if (this.problem === "") this.problem = sentence;
  }

  /** The groups with the fields of one more object in each. */
  #object(
    object: JsonObject,
    before: readonly Group[],
    place: { readonly path: string; readonly isInOr: boolean },
  ): readonly Group[] {
    let groups = before;
    const members = Object.entries(object);
    if (members.length === 0) this.#refuse("An object without fields matches nothing: fill it in.");
    for (const [name, member] of members) {
      if (this.problem !== "") return [];
      if (name === or && this.#orIs === "alternatives")
        groups = this.#or(member, groups, place.path);
      else if (place.isInOr && reserved.has(name))
        this.#refuse(`"${name}" is a reserved name and cannot be a field inside ${or}.`);
      else if (isJsonObject(member))
        groups = this.#inner(member, groups, { ...place, path: `${place.path}${name}` });
      else groups = this.#field(`${place.path}${name}`, member, groups);
    }
    return groups;
  }

  #inner(
    object: JsonObject,
    groups: readonly Group[],
    place: { readonly path: string; readonly isInOr: boolean },
  ): readonly Group[] {
    if (!this.#dialect.isNested)
      this.#refuse(`"${place.path}" must be an array of values: objects do not nest here.`);
    return this.#object(object, groups, { ...place, path: `${place.path}.` });
  }

  #or(value: Json, before: readonly Group[], path: string): readonly Group[] {
    if (!Array.isArray(value) || value.length < 2) {
      this.#refuse(`${or} takes an array of at least two objects.`);
      return [];
    }
    const groups: Group[] = [];
    // Array.isArray forgets what the elements are.
    const alternatives: readonly Json[] = value;
    for (const alternative of alternatives) {
      if (isJsonObject(alternative))
        groups.push(...this.#object(alternative, before, { path, isInOr: true }));
      else this.#refuse(`${or} takes objects only.`);
      if (groups.length > GROUPS_MAX)
        this.#refuse(`The alternatives multiply to more than ${GROUPS_MAX} combinations.`);
      if (this.problem !== "") return [];
    }
    return groups;
  }

  #field(name: string, value: Json, groups: readonly Group[]): readonly Group[] {
    if (!Array.isArray(value) || value.length === 0) {
      this.#refuse(`"${name}" must be an object or an array of at least one value.`);
      return [];
    }
    const elements: readonly Json[] = value;
    const tests: ValueTest[] = [];
    for (const element of elements) {
      const test = parseValueTest(element, this.#dialect);
      if (typeof test === "string") {
        this.#refuse(`"${name}": ${test}`);
        return [];
      }
      tests.push(test);
    }
    const field: FieldTests = {
      name,
      tests: tests.filter((test) => test !== null),
      takesAbsence: tests.includes(null),
    };
    const all = groups.length === 0 ? [new Map<string, FieldTests>()] : groups;
    return all.map((group) => new Map([...group, [name, field]]));
  }
}

/** In which elements of which arrays a value stands: index by number of the array. */
type Membership = ReadonlyMap<number, number>;

interface Found {
  readonly value: Leaf;
  readonly membership: Membership;
}

/** Whether a JSON object fits a pattern. */
export function matchesPattern(pattern: JsonPattern, object: JsonObject): boolean {
  const found = leavesOf(object, pattern.names);
  // Groups share fields: each is tried once.
  const fitting = new Map<FieldTests, readonly boolean[]>();
  const budget = { steps: STEPS_MAX };
  return pattern.groups.some((group) => {
    let memberships: readonly Membership[] = [new Map<number, number>()];
    for (const field of group) {
      const leaves = found.get(field.name) ?? [];
      const fits =
        fitting.get(field) ?? leaves.map(({ value }) => field.tests.some((test) => test(value)));
      fitting.set(field, fits);
      memberships = advance(memberships, { field, leaves, fits, budget });
      if (memberships.length === 0) return false;
    }
    return true;
  });
}

/** The memberships that remain possible when one more field has to fit. */
function advance(
  memberships: readonly Membership[],
  about: {
    readonly field: FieldTests;
    readonly leaves: readonly Found[];
    readonly fits: readonly boolean[];
    readonly budget: { steps: number };
  },
): readonly Membership[] {
  const { field, leaves, fits, budget } = about;
  const next = new Map<string, Membership>();
  for (const membership of memberships) {
    let isPresent = false;
    for (const [index, leaf] of leaves.entries()) {
      if (--budget.steps < 0) return [];
      const joined = join(membership, leaf.membership);
      if (joined === undefined) continue;
      isPresent = true;
      if (fits[index] === true) next.set(keyOf(joined), joined);
    }
    if (!isPresent && field.takesAbsence) next.set(keyOf(membership), membership);
  }
  return [...next.values()];
}

function keyOf(membership: Membership): string {
  return [...membership]
    .toSorted(([a], [b]) => a - b)
    .map(([array, index]) => `${array}:${index}`)
    .join(",");
}

/** Both together; undefined when they stand in different elements of one array. */
function join(a: Membership, b: Membership): Membership | undefined {
  if (b.size === 0) return a;
  for (const [array, index] of b) if ((a.get(array) ?? index) !== index) return undefined;
  return new Map([...a, ...b]);
}

/** The values without parts by their paths, as far as the pattern asks for them. */
function leavesOf(object: JsonObject, names: ReadonlySet<string>): Map<string, Found[]> {
  const leaves = new Map<string, Found[]>();
  let arrays = 0;
  const visit = (value: Json, path: string, membership: Membership): void => {
    if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value))
        visit(member, path === "" ? name : `${path}.${name}`, membership);
    } else if (typeof value === "object" && value !== null) {
      const array = arrays++;
      value.forEach((element, index) => {
        const hasParts = typeof element === "object" && element !== null;
        visit(element, path, hasParts ? new Map([...membership, [array, index]]) : membership);
      });
    } else if (names.has(path)) {
      const known = leaves.get(path);
      if (known === undefined) leaves.set(path, [{ value, membership }]);
      else known.push({ value, membership });
    }
  };
  visit(object, "", new Map());
  return leaves;
}
