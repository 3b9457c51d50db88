// The parameters of MQTT and of Mosquitto under the names their users know, with the defaults of Mosquitto 2.0 and of the
// usual clients. What is Spillway's own says so in its help.

import { choice, count, duration, type Fields, flag, text } from "../../base/fields.ts";

/** A topic. */
export const topicFields = {
  topic: text({
    label: "Topic",
    help: "Levels between slashes, such as home/kitchen/temperature. Empty: the name of the channel.",
    default: "",
  }),
} satisfies Fields;

const latency = duration({
  label: "Network latency",
  help: "One way between client and broker [Spillway's own: measure yours].",
  min: 0.01,
  max: 60_000,
  default: 1,
});

const qos = (help: string) =>
  choice({
    label: "QoS",
    help,
    options: [
      { value: "0", label: "0 (at most once)" },
      { value: "1", label: "1 (at least once)" },
      { value: "2", label: "2 (exactly once per hop)" },
    ],
    default: "0",
  });

/** A publisher's connection. */
export const publishFields = {
  topic: text({
    label: "Topic",
    help: "{key} stands for the message's key, {event} for its event. Empty: that of the channel.",
    default: "",
  }),
  qos: qos("From the publisher to the broker only. 0 is not answered and may be lost."),
  retain: flag({
    label: "Retain",
    help: "The broker keeps the latest message of each topic for those who subscribe later; an empty one deletes it.",
    default: false,
  }),
  message_expiry_interval: duration({
    label: "Message Expiry Interval",
    help: "A message that waits longer in a session, or is retained longer, is dropped (MQTT 5).",
    none: "never",
    default: null,
  }),
  will: flag({
    label: "As the client's will",
    help: "What is published becomes the will of this service: the broker publishes it when the connection is lost, not when it is closed.",
    default: false,
  }),
  latency,
} satisfies Fields;

/** A subscription. Those of one service to one broker are one client. */
export const consumeFields = {
  filter: text({
    label: "Topic filter",
    help: "+ stands for one level, # at the end for all below. Empty: the topic of the channel.",
    default: "",
  }),
  qos: qos("The lower one of this and of the publisher's QoS counts."),
  share: text({
    label: "$share",
    help: "Name of a shared subscription: each message goes to one of the clients that name it with the same filter.",
    default: "",
  }),
  protocol: choice({
    label: "Protocol version",
    help: "A 3.1.1 client gets one copy where several of its filters match, a 5.0 client one for each.",
    options: [
      { value: "3.1.1", label: "3.1.1" },
      { value: "5.0", label: "5.0" },
    ],
    default: "5.0",
  }),
  clean_session: flag({
    label: "Clean start",
    help: "The client begins without what an earlier session holds for it.",
    default: true,
  }),
  session_expiry_interval: duration({
    label: "Session Expiry Interval",
    help: "How long the broker queues QoS 1 and 2 for a client that is gone. In 3.1.1 for ever, unless clean session is on.",
    none: "never ends",
    default: 0,
    onlyIf: { field: "protocol", is: ["5.0"] },
  }),
  receive_maximum: count({
    label: "Receive Maximum",
    help: "Most QoS 1 and 2 messages on their way that are not acknowledged; max_inflight_messages of the broker holds too.",
    min: 1,
    max: 65_535,
    default: 65_535,
    onlyIf: { field: "protocol", is: ["5.0"] },
  }),
  acknowledge: choice({
    label: "Acknowledgement",
    help: "on receipt: the library answers before the work, so a crash loses what it holds. after the work: the client answers by hand.",
    options: [
      { value: "on receipt", label: "on receipt" },
      { value: "after the work", label: "after the work" },
    ],
    default: "on receipt",
  }),
  on_failure: choice({
    label: "On failure",
    help: "MQTT has no negative acknowledgement. withhold: it keeps its place in flight and comes again after a reconnection only.",
    options: [
      { value: "acknowledge", label: "acknowledge (lost)" },
      { value: "withhold", label: "withhold the answer" },
    ],
    default: "acknowledge",
    onlyIf: { field: "acknowledge", is: ["after the work"] },
  }),
  retain_handling: choice({
    label: "Retain Handling",
    help: "Whether retained messages are sent when the client subscribes.",
    options: [
      { value: "0", label: "0 (each time)" },
      { value: "1", label: "1 (new subscriptions only)" },
      { value: "2", label: "2 (never)" },
    ],
    default: "0",
    onlyIf: { field: "protocol", is: ["5.0"] },
  }),
  no_local: flag({
    label: "No Local",
    help: "What the service itself publishes does not come back to it.",
    default: false,
    onlyIf: { field: "protocol", is: ["5.0"] },
  }),
  keep_alive: duration({
    label: "Keep Alive",
    help: "A client that is silent for one and a half times as long counts as gone.",
    min: 1000,
    max: 65_535_000,
    none: "off",
    default: 60_000,
  }),
  crash: choice({
    label: "A crash",
    help: "process: the connection closes at once. host: it vanishes, and the broker learns of it by Keep Alive [Spillway's own].",
    options: [
      { value: "process", label: "of the process" },
      { value: "host", label: "of the host" },
    ],
    default: "process",
  }),
  latency,
} satisfies Fields;

/** Topics are bound to nothing. */
export const bindFields = {} satisfies Fields;

/** The broker: Mosquitto. */
export const clusterFields = {
  version: choice({
    label: "Version",
    help: "Of Mosquitto. Before 2.0.13 a shared subscription is sent retained messages too, which MQTT 5 forbids.",
    options: [
      { value: "2.0.0", label: "2.0.0 to 2.0.12" },
      { value: "2.0.13", label: "2.0.13 and later" },
    ],
    default: "2.0.13",
  }),
  max_inflight_messages: count({
    label: "max_inflight_messages",
    help: "Most QoS 1 and 2 messages on their way to one client that are not acknowledged. 0: no limit.",
    max: 65_535,
    default: 20,
  }),
  max_queued_messages: count({
    label: "max_queued_messages",
    help: "Most QoS 1 and 2 messages queued for one client beyond those in flight; the newest is dropped. 0: no limit.",
    default: 1000,
  }),
  queue_qos0_messages: flag({
    label: "queue_qos0_messages",
    help: "Whether QoS 0 is queued for clients that are gone.",
    default: false,
  }),
  persistence: flag({
    label: "persistence",
    help: "Whether sessions and retained messages survive a crash, as they were at the latest autosave.",
    default: false,
  }),
  autosave_interval: duration({
    label: "autosave_interval",
    help: "How often they are written to disk.",
    min: 1000,
    default: 1_800_000,
    onlyIf: { field: "persistence", is: [true] },
  }),
  reconnect: duration({
    label: "Reconnection of clients",
    help: "How long clients wait before they connect again after the broker was gone [Spillway's own; MQTT.js waits 1 s].",
    min: 1,
    max: 600_000,
    default: 1000,
  }),
} satisfies Fields;
