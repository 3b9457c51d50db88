// The parameters of NATS under the names its users know, with the defaults of nats-server 2.10. What is Spillway's own says so.

import { bytes, choice, count, duration, type Fields, flag, text } from "../../base/fields.ts";

/** A JetStream stream. */
export const streamFields = {
  subjects: text({
    label: "subjects",
    help: "Patterns it captures, with spaces between; empty: its name and all below it.",
    default: "",
  }),
  retention: choice({
    label: "retention",
    help: "limits: a log. interest: until all consumers have acknowledged. workqueue: until one has.",
    options: [
      { value: "limits", label: "limits" },
      { value: "interest", label: "interest" },
      { value: "workqueue", label: "workqueue" },
    ],
    default: "limits",
  }),
  max_msgs: count({
    label: "max_msgs",
    help: "Most messages.",
    min: 1,
    none: "no limit",
    default: null,
  }),
  max_bytes: bytes({
    label: "max_bytes",
    help: "Most bytes.",
    min: 1,
    none: "no limit",
    default: null,
  }),
  max_age: duration({
    label: "max_age",
    help: "Older messages go, acknowledged or not.",
    min: 1,
    none: "no limit",
    default: null,
  }),
  max_msgs_per_subject: count({
    label: "max_msgs_per_subject",
    help: "Most messages of one subject.",
    min: 1,
    none: "no limit",
    default: null,
  }),
  discard: choice({
    label: "discard",
    help: "At a limit: the oldest goes (old), or the publication is refused (new).",
    options: [
      { value: "old", label: "old" },
      { value: "new", label: "new" },
    ],
    default: "old",
  }),
  discard_new_per_subject: flag({
    label: "discard_new_per_subject",
    help: "Refuses at max_msgs_per_subject too.",
    default: false,
    onlyIf: { field: "discard", is: ["new"] },
  }),
  storage: choice({
    label: "storage",
    help: "memory: lost when its only server stops.",
    options: [
      { value: "file", label: "file" },
      { value: "memory", label: "memory" },
    ],
    default: "file",
  }),
  num_replicas: count({
    label: "num_replicas",
    help: "Servers that hold it; more than half must be up.",
    min: 1,
    max: 5,
    default: 1,
  }),
  duplicate_window: duration({
    label: "duplicate_window",
    help: "How long a Nats-Msg-Id is remembered.",
    min: 100,
    default: 120_000,
  }),
} satisfies Fields;

/** A space of core subjects. */
export const subjectFields = {} satisfies Fields;

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
  subject: text({
    label: "Subject",
    help: "{key} stands for the message's key, {event} for the event; empty: the channel's name.",
    default: "",
  }),
  publish: choice({
    label: "Publishes with",
    help: "JetStream answers each message. core: no answer, and without a stream the message is gone.",
    options: [
      { value: "jetstream", label: "JetStream (acknowledged)" },
      { value: "core", label: "core (not acknowledged)" },
    ],
    default: "jetstream",
  }),
  msg_id: choice({
    label: "Nats-Msg-Id",
    help: "A second message with the same id within duplicate_window is not stored.",
    options: [
      { value: "none", label: "none" },
      { value: "key", label: "the message's key" },
    ],
    default: "none",
  }),
  timeout: duration({
    label: "Time-out",
    help: "Of a JetStream publication without an answer.",
    min: 1,
    default: 5000,
  }),
  latency: latency("between publisher and server"),
} satisfies Fields;

const acknowledged = { field: "ack_policy", is: ["explicit", "all"] } as const;

/** A consumer's connection. */
export const consumeFields = {
  queue: text({
    label: "Queue group",
    help: "Core only: one random member gets each message; empty: every worker gets all.",
    default: "",
  }),
  filter_subject: text({
    label: "Subject or filter",
    help: "* is one token, > one or more at the end; empty: everything here.",
    default: "",
  }),
  durable_name: text({
    label: "durable_name",
    help: "JetStream: services with the same consumer share its messages; empty: the service's own.",
    default: "",
  }),
  delivery: choice({
    label: "Delivery",
    help: "pull: a worker fetches a batch. push: the server sends to a random worker.",
    options: [
      { value: "pull", label: "pull" },
      { value: "push", label: "push (deliver group)" },
    ],
    default: "pull",
  }),
  batch: count({
    label: "Batch",
    help: "Messages per fetch [the client's].",
    min: 1,
    default: 1,
    onlyIf: { field: "delivery", is: ["pull"] },
  }),
  ack_policy: choice({
    label: "ack_policy",
    help: "all: acknowledges what came before too. none: counts as acknowledged when sent.",
    options: [
      { value: "explicit", label: "explicit" },
      { value: "all", label: "all" },
      { value: "none", label: "none" },
    ],
    default: "explicit",
  }),
  ack_wait: duration({
    label: "ack_wait",
    help: "Without an answer the server sends it again after this.",
    min: 1,
    default: 30_000,
    onlyIf: acknowledged,
  }),
  backoff: text({
    label: "backoff",
    help: "Seconds with spaces between; replaces ack_wait, the last repeats. Not used for nak.",
    default: "",
    onlyIf: acknowledged,
  }),
  max_deliver: count({
    label: "max_deliver",
    help: "So many deliveries; then the message stays in the stream and the consumer moves on. -1: no end.",
    min: -1,
    default: -1,
    onlyIf: acknowledged,
  }),
  max_ack_pending: count({
    label: "max_ack_pending",
    help: "Most unacknowledged messages of the consumer, all workers together. -1: no limit.",
    min: -1,
    default: 1000,
    onlyIf: acknowledged,
  }),
  in_progress: flag({
    label: "+WPI",
    help: "Workers say in time that they are still at work, which restarts ack_wait.",
    default: false,
    onlyIf: acknowledged,
  }),
  on_failure: choice({
    label: "On failure",
    help: "nak: again at once, or after its delay. term: never again. leave: after ack_wait.",
    options: [
      { value: "nak", label: "nak" },
      { value: "term", label: "term" },
      { value: "leave", label: "no answer" },
    ],
    default: "nak",
    onlyIf: acknowledged,
  }),
  nak_delay: duration({
    label: "Delay of nak",
    help: "0: at once.",
    default: 0,
    onlyIf: { field: "on_failure", is: ["nak"] },
  }),
  latency: latency("between server and consumer"),
} satisfies Fields;

/** There are no bindings. */
export const bindFields = {} satisfies Fields;

/** The servers. */
export const clusterFields = {
  nodes: count({
    label: "Servers",
    help: "Streams are spread over them in turn.",
    min: 1,
    max: 7,
    default: 3,
  }),
  sync_interval: duration({
    label: "sync_interval",
    help: "How often files are on disk for sure: what a machine without power can lose. 0: always.",
    default: 120_000,
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
  election_least: duration({
    label: "Election: at least",
    help: "Followers wait so long for a silent leader (a constant of the server).",
    min: 1,
    default: 4000,
  }),
  election_most: duration({
    label: "Election: at most",
    help: "See above.",
    min: 1,
    default: 9000,
  }),
  max_pending: bytes({
    label: "max_pending",
    help: "A core subscriber with more unread is disconnected, and loses it.",
    min: 1,
    default: 67_108_864,
  }),
} satisfies Fields;
