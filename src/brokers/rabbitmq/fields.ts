// The parameters of RabbitMQ under the names its users know, with the defaults of version 4.0. What is Spillway's own
// (latencies, election time) says so in its help.

import {
  bytes,
  choice,
  count,
  duration,
  type Fields,
  flag,
  ratio,
  text,
} from "../../base/fields.ts";
import { factsTextMax } from "../mechanisms/routing/messageFacts.ts";

const TTL_NONE = "never expires";

/** Exchange. */
export const exchangeFields = {
  type: choice({
    label: "Type",
    help: "direct: equal keys. topic: patterns with * and #. fanout: every binding. headers: by the arguments of bindings.",
    options: [
      { value: "direct", label: "direct" },
      { value: "topic", label: "topic" },
      { value: "fanout", label: "fanout" },
      { value: "headers", label: "headers" },
    ],
    default: "topic",
  }),
  declared: flag({
    label: "Declared",
    help: "Off: nobody has declared it, so RabbitMQ closes the channel of whoever publishes to it (404) [Spillway's own].",
    default: true,
  }),
  "alternate-exchange": text({
    label: "alternate-exchange",
    help: "Id or name of the exchange that gets what no binding of this one matches; empty: nobody.",
    default: "",
  }),
} satisfies Fields;

/** Queue. */
export const queueFields = {
  "x-queue-type": choice({
    label: "x-queue-type",
    help: "classic: on one node, not replicated. quorum: replicated by Raft. stream: a replicated log, read without taking anything out.",
    options: [
      { value: "classic", label: "classic" },
      { value: "quorum", label: "quorum" },
      { value: "stream", label: "stream" },
    ],
    default: "classic",
  }),
  "x-message-ttl": duration({
    label: "x-message-ttl",
    help: "A ready message expires after this time, but only when it has come to the head of the queue. A change holds for messages that arrive later.",
    none: TTL_NONE,
    default: null,
    live: true,
    onlyIf: { field: "x-queue-type", is: ["classic", "quorum"] },
  }),
  "x-max-length": count({
    label: "x-max-length",
    help: "Most ready messages; unacknowledged ones do not count.",
    none: "no limit",
    default: null,
    live: true,
    onlyIf: { field: "x-queue-type", is: ["classic", "quorum"] },
  }),
  "x-max-length-bytes": bytes({
    label: "x-max-length-bytes",
    help: "Most bytes of payload in ready messages; with x-max-length too, whichever is reached first. In a stream: in all segments; when a new one begins, the oldest go that are too much.",
    none: "no limit",
    default: null,
  }),
  "x-max-age": duration({
    label: "x-max-age",
    help: "A segment of a stream whose messages are all older than this goes when a new segment begins; the last one stays.",
    min: 1000,
    none: "no limit",
    default: null,
    onlyIf: { field: "x-queue-type", is: ["stream"] },
  }),
  "x-stream-max-segment-size-bytes": bytes({
    label: "x-stream-max-segment-size-bytes",
    help: "Size at which a new segment of a stream begins. Retention goes by whole segments.",
    min: 1,
    max: 2e9,
    default: 500e6,
    onlyIf: { field: "x-queue-type", is: ["stream"] },
  }),
  "x-overflow": choice({
    label: "x-overflow",
    help: "What happens at the maximum length: the oldest is dropped (publishers notice nothing), or the new one is refused.",
    options: [
      { value: "drop-head", label: "drop-head" },
      { value: "reject-publish", label: "reject-publish" },
      { value: "reject-publish-dlx", label: "reject-publish-dlx (classic only)" },
    ],
    default: "drop-head",
    onlyIf: { field: "x-queue-type", is: ["classic", "quorum"] },
  }),
  "x-expires": duration({
    label: "x-expires",
    help: "A queue without consumers for so long is deleted, with all that is in it: nothing of that is dead-lettered. Messages that come do not count as use. A consumer that comes declares it anew, with its bindings.",
    min: 1,
    none: "stays",
    default: null,
    onlyIf: { field: "x-queue-type", is: ["classic", "quorum"] },
  }),
  "x-max-priority": count({
    label: "x-max-priority",
    help: "Messages of higher priority go first; one above this maximum counts as the maximum.",
    min: 1,
    max: 255,
    none: "no priorities",
    default: null,
    onlyIf: { field: "x-queue-type", is: ["classic"] },
  }),
  "x-dead-letter-exchange": text({
    label: "x-dead-letter-exchange",
    help: "Id or name of the exchange to which rejected, expired and overflowing messages are published again; the name of a queue stands for the default exchange with that key; empty: they are dropped.",
    default: "",
    onlyIf: { field: "x-queue-type", is: ["classic", "quorum"] },
  }),
  "x-dead-letter-routing-key": text({
    label: "x-dead-letter-routing-key",
    help: "Routing key of dead letters; empty: the key that the message had.",
    default: "",
    onlyIf: { field: "x-queue-type", is: ["classic", "quorum"] },
  }),
  "x-delivery-limit": count({
    label: "x-delivery-limit",
    help: "After more failed deliveries than this the message is dead-lettered: a limit of n allows n + 1 deliveries. -1: no limit.",
    min: -1,
    default: 20,
    onlyIf: { field: "x-queue-type", is: ["quorum"] },
  }),
  "x-delayed-retry-type": choice({
    label: "x-delayed-retry-type",
    help: "4.3: which messages that come back wait before the next attempt: failed ones (basic.reject), returned ones (basic.nack), all.",
    options: [
      { value: "disabled", label: "disabled" },
      { value: "all", label: "all" },
      { value: "failed", label: "failed" },
      { value: "returned", label: "returned" },
    ],
    default: "disabled",
    onlyIf: { field: "x-queue-type", is: ["quorum"] },
  }),
  "x-delayed-retry-min": duration({
    label: "x-delayed-retry-min",
    help: "The delay is this, times the number of failed deliveries.",
    min: 1,
    default: 1000,
    onlyIf: { field: "x-delayed-retry-type", is: ["all", "failed", "returned"] },
  }),
  "x-delayed-retry-max": duration({
    label: "x-delayed-retry-max",
    help: "The longest delay.",
    min: 1,
    default: 30_000,
    onlyIf: { field: "x-delayed-retry-type", is: ["all", "failed", "returned"] },
  }),
  "x-quorum-initial-group-size": count({
    label: "x-quorum-initial-group-size",
    help: "Number of nodes that hold the queue, at most all of the cluster; more than half must be up.",
    min: 1,
    max: 7,
    default: 3,
    onlyIf: { field: "x-queue-type", is: ["quorum", "stream"] },
  }),
  "x-single-active-consumer": flag({
    label: "x-single-active-consumer",
    help: "Only one consumer is served; the others wait until it is gone. Keeps the order over a failover.",
    default: false,
    onlyIf: { field: "x-queue-type", is: ["classic", "quorum"] },
  }),
} satisfies Fields;

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
  routing_key: text({
    label: "Routing key",
    help: "{key} stands for the message's key. Empty: the event's name in lower case with dots, OrderPlaced becoming order.placed. For a queue it is always the queue's name.",
    default: "",
  }),
  headers: text({
    label: "Headers",
    help: 'A JSON object for headers exchanges, with {key} and {event}; "CC" and "BCC" are lists of further routing keys.',
    maxLength: factsTextMax,
    default: "",
  }),
  priority: count({
    label: "priority",
    help: "For queues with x-max-priority, and quorum queues: above 4 is high (4.0), 0 to 31 in strict order (4.3).",
    max: 255,
    none: "not stated",
    default: null,
  }),
  confirms: flag({
    label: "Publisher confirms",
    help: "The broker answers every message. Clients have this off until the application calls confirm.select; without it a loss stays unnoticed.",
    default: true,
  }),
  mandatory: flag({
    label: "mandatory",
    help: "A message for which there is no queue comes back to the publisher; without it, it is gone and confirmed all the same.",
    default: false,
  }),
  delivery_mode: choice({
    label: "delivery_mode",
    help: "1, the default of most clients: lost when the node of a classic queue restarts. 2: kept on disk. Quorum queues keep both.",
    options: [
      { value: "1", label: "1 (transient)" },
      { value: "2", label: "2 (persistent)" },
    ],
    default: "1",
  }),
  expiration: duration({
    label: "expiration",
    help: "Time to live of the message itself; the lower one of this and x-message-ttl counts. Removed when it is dead-lettered.",
    none: TTL_NONE,
    default: null,
  }),
  latency: latency("between publisher and broker"),
} satisfies Fields;

/** A consumer's connection. */
export const consumeFields = {
  prefetch_count: count({
    label: "prefetch_count",
    help: "Most unacknowledged messages per worker (each is one consumer). 0: no limit, the whole backlog goes to whoever is there first; a quorum queue stops at 2,000.",
    max: 65_535,
    default: 0,
    live: true,
  }),
  ack: choice({
    label: "Acknowledgement",
    help: "manual: after the work. automatic: on sending, so that a crash loses all that was sent and not worked off; prefetch has no effect.",
    options: [
      { value: "manual", label: "manual" },
      { value: "automatic", label: "automatic" },
    ],
    default: "manual",
  }),
  on_failure: choice({
    label: "On failure",
    help: "requeue: basic.nack requeue=true, delivered again at once, without a delay. reject: requeue=false, to the dead-letter exchange if there is one, else dropped.",
    options: [
      { value: "requeue", label: "requeue" },
      { value: "reject-requeue", label: "basic.reject, requeue (4.3 counts it, a nack not)" },
      { value: "reject", label: "reject" },
    ],
    default: "requeue",
    onlyIf: { field: "ack", is: ["manual"] },
  }),
  global: flag({
    label: "global prefetch",
    help: "basic.qos global=true: prefetch_count holds for all workers together, on one channel. Quorum queues refuse it.",
    default: false,
  }),
  "x-stream-offset": text({
    label: "x-stream-offset",
    help: "Where a reader of a stream begins: first, last, next (only new ones), an offset such as 17, an interval such as 90s or 2h (what came since so long ago), or timestamp 60 (what came since 60 s after the start of the run).",
    default: "next",
  }),
  "x-priority": count({
    label: "x-priority",
    help: "Consumers of higher priority get everything until they have no room. Not used among single active consumers.",
    min: -1000,
    max: 1000,
    default: 0,
  }),
  latency: latency("between broker and consumer"),
} satisfies Fields;

/** A binding. */
export const bindFields = {
  routing_key: text({
    label: "Binding key",
    help: "direct: the key itself. topic: words between dots, * for exactly one, # for any number. fanout, headers: not used.",
    default: "#",
  }),
  arguments: text({
    label: "Arguments",
    help: 'For headers exchanges, such as {"x-match":"any","type":"invoice"}; null: the header is there, whatever it holds.',
    maxLength: factsTextMax,
    default: "",
  }),
} satisfies Fields;

/** The cluster. */
export const clusterFields = {
  version: choice({
    label: "Version",
    help: "3.x: no delivery limit unless one is stated, no priorities in quorum queues. 4.3: a nack is no failure, strict priorities, delayed retry.",
    options: [
      { value: "3.10", label: "3.10" },
      { value: "3.13", label: "3.13" },
      { value: "4.0", label: "4.0 to 4.2" },
      { value: "4.3", label: "4.3" },
    ],
    default: "4.0",
  }),
  nodes: count({
    label: "Nodes",
    help: "Servers of the cluster. Queues are spread over them in turn.",
    min: 1,
    max: 7,
    default: 3,
  }),
  election: duration({
    label: "Election of a leader",
    help: "How long a quorum queue does nothing after its leader's process died [Spillway's own; 0.47 s was measured].",
    min: 1,
    max: 60_000,
    default: 500,
  }),
  suspicion: duration({
    label: "Suspicion of a leader",
    help: "How long the leader of a quorum queue may be cut off before the others elect another one [Spillway's own; 7.2 s was measured].",
    min: 1,
    max: 600_000,
    default: 6700,
  }),
  net_ticktime: duration({
    label: "net_ticktime",
    help: "A node that is cut off for so long counts as down: publishers to its classic queues get a nack, not silence.",
    min: 1000,
    default: 60_000,
  }),
  cluster_partition_handling: choice({
    label: "cluster_partition_handling",
    help: "pause_minority: nodes outside of a majority stop serving. autoheal: the one that was cut off restarts afterwards. No effect from 4.3 on.",
    options: [
      { value: "ignore", label: "ignore" },
      { value: "pause_minority", label: "pause_minority" },
      { value: "autoheal", label: "autoheal" },
    ],
    default: "ignore",
    onlyIf: { field: "version", is: ["3.10", "3.13", "4.0"] },
  }),
  memory: bytes({
    label: "Memory of a node",
    help: "With it, messages in memory raise the memory alarm, which blocks all publishers of the cluster; consumers go on [Spillway's own: of the machine].",
    min: 1e6,
    none: "plenty",
    default: null,
  }),
  vm_memory_high_watermark: ratio({
    label: "vm_memory_high_watermark",
    help: "Share of the memory above which a node raises the alarm. 0 blocks all publishers at once. Before 4.0 the default is 0.4.",
    default: 0.6,
    live: true,
    onlyIf: { field: "memory", isNot: [null] },
  }),
  disk: bytes({
    label: "Free disk of a node",
    help: "While its queues are empty. With it, messages on disk raise the disk alarm, which blocks all publishers of the cluster; consumers go on [Spillway's own: of the machine].",
    none: "plenty",
    default: null,
  }),
  disk_free_limit: bytes({
    label: "disk_free_limit",
    help: "A node with less free disk than this raises the alarm. RabbitMQ's default is too low for production.",
    default: 50e6,
    live: true,
    onlyIf: { field: "disk", isNot: [null] },
  }),
  consumer_timeout: duration({
    label: "consumer_timeout",
    help: "A delivery that stays unacknowledged for longer closes the consumer's channel: all it holds goes back to the queue.",
    min: 1,
    none: "off",
    default: 1_800_000,
  }),
  channel_tick_interval: duration({
    label: "channel_tick_interval",
    help: "How often consumer_timeout is looked at.",
    min: 1000,
    default: 60_000,
  }),
} satisfies Fields;
