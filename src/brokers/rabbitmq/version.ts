// What differs between the versions of RabbitMQ that can be chosen. Everything else in this folder asks here, never for a
// version by its number.

import type { ValuesOf } from "../../base/fields.ts";
import type { clusterFields, queueFields } from "./fields.ts";

/** A version that can be chosen; "4.0" stands for 4.0 to 4.2. */
export type Version = ValuesOf<typeof clusterFields>["version"];

/** The limit that version 4.0 brought for queues that state none; before, it counts as not stated. */
const LIMIT_SINCE_4 = 20;

/** The delivery limit of a quorum queue, -1 without. */
export function deliveryLimitOf(version: Version, stated: number): number {
  return isBefore4(version) && stated === LIMIT_SINCE_4 ? -1 : stated;
}

/** The share of memory that version 4.0 brought for nodes that state none; before, it counts as not stated. */
const WATERMARK_SINCE_4 = 0.6;
const WATERMARK_BEFORE_4 = 0.4;

/** The share of its memory above which a node raises the alarm. */
export function watermarkOf(version: Version, stated: number): number {
  return isBefore4(version) && stated === WATERMARK_SINCE_4 ? WATERMARK_BEFORE_4 : stated;
}

/** Whether classic queues keep the bodies of messages in memory, as they did before 3.12. */
export function keepsBodiesInMemory(version: Version): boolean {
  return version === "3.10";
}

/** Whether it is a version with mirrored queues and without much that came in 4.0. */
export function isBefore4(version: Version): boolean {
  return version === "3.10" || version === "3.13";
}

/** Why a copy came back; see what counts as a failed delivery. */
export type ComingBack =
  | "requeued"
  | "rejected"
  | "consumer-gone"
  | "consumer-timeout"
  | "queue-node-down";

/** What a consumer's answer to a failure means for the copy; undefined: it does not come back. */
export const comingBack = {
  requeue: "requeued",
  "reject-requeue": "rejected",
  reject: undefined,
} as const;

/** Whether a copy that comes back for a reason has failed once more, as its delivery limit counts. */
export function countsAsFailed(version: Version, why: ComingBack): boolean {
  return (
    version !== "4.3" || why === "rejected" || why === "consumer-gone" || why === "queue-node-down"
  );
}

/** How long a copy that came back waits before its next attempt [ms], 0 for not at all. 4.3 only. */
export function retryDelayMs(
  queue: Pick<
    ValuesOf<typeof queueFields>,
    "x-delayed-retry-type" | "x-delayed-retry-min" | "x-delayed-retry-max"
  >,
  about: { readonly hasFailed: boolean; readonly failures: number },
): number {
  const type = queue["x-delayed-retry-type"];
  const isMeant =
    type === "all" ||
    (type === "failed" && about.hasFailed) ||
    (type === "returned" && !about.hasFailed);
  if (!isMeant) return 0;
  const times = Math.max(1, about.failures);
  return Math.min(queue["x-delayed-retry-min"] * times, queue["x-delayed-retry-max"]);
}
