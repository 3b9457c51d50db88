// The parameters of Redis that bound what it keeps in memory: for data, and for subscribers that do not read.

import { bytes, duration, type Fields } from "../../base/fields.ts";

/** Limits of memory of a server. */
export const memoryFields = {
  maxmemory: bytes({
    label: "maxmemory",
    help: "Above it every XADD is refused (OOM, noeviction); reading and XACK go on, and free nothing: only trimming does.",
    min: 1_000_000,
    none: "no limit",
    default: null,
  }),
  "client-output-buffer-limit": bytes({
    label: "client-output-buffer-limit pubsub",
    help: "A subscriber with more than this unread is disconnected, and loses it.",
    min: 0,
    default: 33_554_432,
  }),
  "client-output-buffer-soft-limit": bytes({
    label: "soft limit",
    help: "The same when it stays above this for soft seconds.",
    default: 8_388_608,
  }),
  "client-output-buffer-soft-seconds": duration({
    label: "soft seconds",
    help: "See soft limit.",
    min: 0,
    default: 60_000,
  }),
} satisfies Fields;
