// Who publishes in transactions, and whose offsets go with them: worked out once, from the publishers and consumers of a
// broker.

import type { ValuesOf } from "../../base/fields.ts";
import { msToNs } from "../../base/units.ts";
import type { consumeFields, publishFields } from "./clientFields.ts";

/** What one service or producer writes and reads in transactions, with one transactional producer for all its workers. */
export interface TransactionalPlan {
  readonly node: string;
  /** Numbers of its publishers, and of the clients whose offsets its transactions commit. */
  readonly publishers: readonly number[];
  readonly clients: readonly number[];
  readonly latencyNs: number;
  readonly timeoutNs: number;
  readonly intervalNs: number;
  /** Records after which a transaction is committed before its time. */
  readonly recordsMax: number;
}

interface Publishing {
  readonly node: string;
  readonly latencyNs: number;
  readonly values: ValuesOf<typeof publishFields>;
}

interface Consuming {
  readonly node: string;
  readonly number: number;
  readonly values: ValuesOf<typeof consumeFields>;
}

/** Whether a publisher writes in transactions. Kafka's client refuses that without idempotence and acks=all. */
export function isTransactional({ values }: Pick<Publishing, "values">): boolean {
  return values["transactional.id"] && values.acks === "all" && values["enable.idempotence"];
}

/** The transactional producers among publishers, one for each node. */
export function planTransactions(
  publishers: readonly Publishing[],
  clients: readonly Consuming[],
): readonly TransactionalPlan[] {
  const nodes = [...new Set(publishers.filter(isTransactional).map(({ node }) => node))];
  return nodes.map((node): TransactionalPlan => {
    const own = publishers.flatMap((publisher, number) =>
      publisher.node === node && isTransactional(publisher) ? [number] : [],
    );
    const { values, latencyNs } = publishers[own[0]!]!;
    return {
      node,
      publishers: own,
      clients: clients.flatMap((client) =>
        client.node === node && client.values.commit === "transaction" ? [client.number] : [],
      ),
      latencyNs,
      timeoutNs: msToNs(values["transaction.timeout.ms"]),
      intervalNs: msToNs(values["commit.interval.ms"]),
      recordsMax: values["commit.records"] ?? Infinity,
    };
  });
}
