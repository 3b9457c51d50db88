// The parameters of Redis Streams under the names its users know, with Redis' defaults. Trimming, claiming and dead letters
// are what applications do with commands: they stand where Redis' users would write them. What is Spillway's own says so.

import { bytes, choice, count, duration, type Fields, flag, text } from "../../base/fields.ts";
import { memoryFields } from "./memoryFields.ts";

const trimmed = { field: "trim", is: ["MAXLEN", "MINID"] } as const;

/** A stream. */
export const streamFields = {
  trim: choice({
    label: "Trimming",
    help: "What each XADD takes off the front, read or not.",
    options: [
      { value: "none", label: "none: grows for ever" },
      { value: "MAXLEN", label: "MAXLEN" },
      { value: "MINID", label: "MINID, by age" },
    ],
    default: "none",
  }),
  maxlen: count({
    label: "MAXLEN",
    help: "Entries that stay.",
    min: 0,
    default: 1000,
    live: true,
    onlyIf: { field: "trim", is: ["MAXLEN"] },
  }),
  minid_age: duration({
    label: "MINID: age",
    help: "Entries with an older id than this go.",
    min: 1,
    default: 3_600_000,
    onlyIf: { field: "trim", is: ["MINID"] },
  }),
  trimming: choice({
    label: "Exactness",
    help: "=: exactly. ~: only whole nodes go, so that more stay.",
    options: [
      { value: "=", label: "= exact" },
      { value: "~", label: "~ whole nodes" },
    ],
    default: "=",
    onlyIf: trimmed,
  }),
  references: choice({
    label: "References (8.2)",
    help: "KEEPREF: trimmed entries stay pending. DELREF: they leave pending lists too. ACKED: only acknowledged ones go.",
    options: [
      { value: "KEEPREF", label: "KEEPREF" },
      { value: "DELREF", label: "DELREF" },
      { value: "ACKED", label: "ACKED" },
    ],
    default: "KEEPREF",
    onlyIf: trimmed,
  }),
} satisfies Fields;

/** A pub/sub channel. */
export const pubsubFields = {} satisfies Fields;

const latency = (from: string) =>
  duration({
    label: "Network latency",
    help: `One way ${from} [Spillway's own: measure yours].`,
    min: 0.01,
    max: 60_000,
    default: 1,
  });

/** A publisher's connection. */
export const publishFields = {
  channel: text({
    label: "Channel name",
    help: "Pub/sub only. {key} stands for the message's key, {event} for the event; empty: the channel's own name.",
    default: "",
  }),
  wait_replicas: count({
    label: "WAIT: replicas",
    help: "After XADD, WAIT for so many replicas; 0: no WAIT.",
    min: 0,
    max: 5,
    default: 0,
  }),
  wait_timeout: duration({
    label: "WAIT: time-out",
    help: "With fewer replicas after this time the application takes it for failed; the entry stays.",
    min: 1,
    default: 1000,
  }),
  idmp: choice({
    label: "Idempotent XADD (8.6)",
    help: "IDMP: the message's key is its id; a second one within IDMP-DURATION adds nothing.",
    options: [
      { value: "off", label: "off" },
      { value: "IDMP", label: "IDMP, id = key" },
    ],
    default: "off",
  }),
  command_timeout: duration({
    label: "Command time-out",
    help: "How long the client keeps a command while no primary is there [Spillway's own].",
    min: 1,
    default: 10_000,
  }),
  latency: latency("between publisher and Redis"),
} satisfies Fields;

const inGroup = { field: "command", is: ["XREADGROUP"] } as const;
const pendingKept = { field: "noack", is: [false] } as const;

/** A consumer's connection. */
export const consumeFields = {
  command: choice({
    label: "Reads with",
    help: "XREADGROUP: each entry goes to one worker of the group. XREAD: every worker reads everything.",
    options: [
      { value: "XREADGROUP", label: "XREADGROUP" },
      { value: "XREAD", label: "XREAD" },
    ],
    default: "XREADGROUP",
  }),
  group: text({
    label: "Group",
    help: "Services with the same group share the entries; empty: the service's own.",
    default: "",
    onlyIf: inGroup,
  }),
  count: count({
    label: "COUNT",
    help: "Most entries per read.",
    min: 1,
    none: "none: everything new",
    default: null,
    live: true,
  }),
  block: duration({
    label: "BLOCK",
    help: "0: a read waits until there is something. None: it answers at once, and the application asks again.",
    none: "no BLOCK",
    max: 0,
    default: 0,
  }),
  poll_pause: duration({
    label: "Pause between reads",
    help: "Without BLOCK, after an empty read [Spillway's own].",
    min: 1,
    default: 100,
    onlyIf: { field: "block", is: [null] },
  }),
  noack: flag({
    label: "NOACK",
    help: "Entries are never pending: at most once.",
    default: false,
    onlyIf: inGroup,
  }),
  resume: choice({
    label: "After a restart",
    help: "XREAD goes on behind the id that the application stored, or with what is new ($).",
    options: [
      { value: "stored", label: "stored id" },
      { value: "$", label: "$ (misses the rest)" },
    ],
    default: "stored",
    onlyIf: { field: "command", is: ["XREAD"] },
  }),
  consumer: choice({
    label: "Consumer name",
    help: "After a restart; under a new name nobody reads what the old one left pending.",
    options: [
      { value: "same", label: "the same" },
      { value: "new", label: "a new one" },
    ],
    default: "same",
    onlyIf: [inGroup, pendingKept],
  }),
  start: choice({
    label: "First read",
    help: "0 then >: what is still pending for this name comes first. >: only new entries.",
    options: [
      { value: "0", label: "0, then >" },
      { value: ">", label: ">" },
    ],
    default: "0",
    onlyIf: [inGroup, pendingKept],
  }),
  on_close: choice({
    label: "On closing",
    help: "XGROUP DELCONSUMER forgets what is pending: nobody gets it again.",
    options: [
      { value: "keep", label: "nothing" },
      { value: "delete", label: "XGROUP DELCONSUMER" },
    ],
    default: "keep",
    onlyIf: [inGroup, pendingKept],
  }),
  on_failure: choice({
    label: "On failure",
    help: "leave: stays pending until claimed. XACK: given up. XNACK (8.8): to be claimed at once.",
    options: [
      { value: "leave", label: "leave pending" },
      { value: "XACK", label: "XACK (give up)" },
      { value: "XNACK", label: "XNACK FAIL" },
    ],
    default: "leave",
    onlyIf: [inGroup, pendingKept],
  }),
  claim: choice({
    label: "Claims",
    help: "Redis redelivers nothing by itself: somebody has to claim.",
    options: [
      { value: "nobody", label: "nobody" },
      { value: "XAUTOCLAIM", label: "XAUTOCLAIM every …" },
      { value: "CLAIM", label: "each XREADGROUP (CLAIM, 8.4)" },
    ],
    default: "nobody",
    onlyIf: [inGroup, pendingKept],
  }),
  claim_every: duration({
    label: "XAUTOCLAIM every",
    help: "A free worker does it, else the next that is done.",
    min: 10,
    default: 5000,
    onlyIf: { field: "claim", is: ["XAUTOCLAIM"] },
  }),
  "min-idle-time": duration({
    label: "min-idle-time",
    help: "Since its last delivery an entry must be idle for so long to be claimed.",
    min: 0,
    default: 30_000,
    live: true,
    onlyIf: { field: "claim", is: ["XAUTOCLAIM", "CLAIM"] },
  }),
  claim_count: count({
    label: "XAUTOCLAIM COUNT",
    help: "Most entries per claim.",
    min: 1,
    default: 100,
    onlyIf: { field: "claim", is: ["XAUTOCLAIM"] },
  }),
  dead_letter_after: count({
    label: "Dead letter after",
    help: "Who would claim an entry delivered so often moves it instead: XADD and XACK by the application.",
    min: 1,
    none: "never",
    default: null,
    onlyIf: { field: "claim", is: ["XAUTOCLAIM", "CLAIM"] },
  }),
  dead_letter_stream: text({
    label: "Dead-letter stream",
    help: "Id or name of the stream for them; empty: they are only acknowledged.",
    default: "",
    onlyIf: { field: "claim", is: ["XAUTOCLAIM", "CLAIM"] },
  }),
  patterns: text({
    label: "Patterns",
    help: "Pub/sub only. PSUBSCRIBE, with spaces between; a message comes once per match. Empty: everything here.",
    default: "",
  }),
  latency: latency("between Redis and consumer"),
} satisfies Fields;

/** There are no bindings. */
export const bindFields = {} satisfies Fields;

/** The server, or the primary with its replicas. */
export const clusterFields = {
  version: choice({
    label: "Version",
    help: "Newer commands are refused by older servers.",
    options: [
      { value: "7.0", label: "7.0" },
      { value: "8.0", label: "8.0" },
      { value: "8.2", label: "8.2: trims by references" },
      { value: "8.4", label: "8.4: XREADGROUP CLAIM" },
      { value: "8.6", label: "8.6: idempotent XADD" },
      { value: "8.8", label: "8.8: XNACK" },
    ],
    default: "8.0",
  }),
  replicas: count({
    label: "Replicas",
    help: "Node 0 is the primary at first.",
    min: 0,
    max: 5,
    default: 1,
  }),
  sentinel: flag({
    label: "Sentinel",
    help: "Promotes a replica when the primary is gone. Without it, nobody does.",
    default: true,
  }),
  "down-after-milliseconds": duration({
    label: "down-after-milliseconds",
    help: "How long the primary is silent before Sentinel calls it down.",
    min: 1,
    default: 30_000,
    onlyIf: { field: "sentinel", is: [true] },
  }),
  failover: duration({
    label: "Failover",
    help: "From then until clients write to the new primary [Spillway's own].",
    min: 1,
    default: 2000,
    onlyIf: { field: "sentinel", is: [true] },
  }),
  replication_delay: duration({
    label: "Replication delay",
    help: "How far a replica is behind; the rest is lost at a failover [Spillway's own].",
    min: 0.01,
    default: 2,
  }),
  appendonly: flag({
    label: "appendonly",
    help: "Writes every command to a log (AOF).",
    default: false,
  }),
  appendfsync: choice({
    label: "appendfsync",
    help: "When that log is on disk: a killed process loses none of it, a lost machine what is not on disk.",
    options: [
      { value: "always", label: "always" },
      { value: "everysec", label: "everysec" },
      { value: "no", label: "no (the system's own 30 s)" },
    ],
    default: "everysec",
    onlyIf: { field: "appendonly", is: [true] },
  }),
  save: text({
    label: "save",
    help: 'Snapshots: seconds and changes in pairs. Empty or "": none.',
    default: "3600 1 300 100 60 10000",
    onlyIf: { field: "appendonly", is: [false] },
  }),
  crash: choice({
    label: "A crash is",
    help: "What crashing a node means [Spillway's own].",
    options: [
      { value: "process", label: "the process killed" },
      { value: "power", label: "the machine without power" },
    ],
    default: "process",
  }),
  "min-replicas-to-write": count({
    label: "min-replicas-to-write",
    help: "With fewer replicas in touch, writes are refused (NOREPLICAS).",
    min: 0,
    max: 5,
    default: 0,
  }),
  "min-replicas-max-lag": duration({
    label: "min-replicas-max-lag",
    help: "A replica silent for longer does not count.",
    min: 1000,
    default: 10_000,
  }),
  "stream-node-max-entries": count({
    label: "stream-node-max-entries",
    help: "Entries per node, the grain of ~; 0: no limit.",
    default: 100,
  }),
  "stream-node-max-bytes": bytes({
    label: "stream-node-max-bytes",
    help: "Size of a node, the grain of ~; 0: no limit.",
    default: 4096,
  }),
  "idmp-duration": duration({
    label: "IDMP-DURATION",
    help: "How long ids of idempotent XADDs are remembered (8.6).",
    min: 1000,
    max: 86_400_000,
    default: 100_000,
  }),
  "idmp-maxsize": count({
    label: "IDMP-MAXSIZE",
    help: "Ids remembered per producer and stream (8.6); the oldest goes first.",
    min: 1,
    max: 10_000,
    default: 100,
  }),
  ...memoryFields,
} satisfies Fields;
