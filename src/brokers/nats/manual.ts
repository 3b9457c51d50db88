// What is modelled of NATS and what is not, its bindings in AsyncAPI documents, and what it finds wrong.

import { natsCounterparts } from "./counterparts.ts";
import { natsFieldSources } from "./fieldSources.ts";
import { valuesOf } from "../../base/fields.ts";
import { checkNats } from "./check.ts";
import { consumeFields } from "./fields.ts";
import { consumerUnlikeQueue } from "./unlikeQueue.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";

const bindingVersion = "0.1.0";

const asyncapi: TechnologyBindings = {
  protocol: "nats",
  host: "nats.example.com:4222",
  key: "nats",
  channel: () => undefined,
  publish: () => undefined,
  consume: (config, subscription) => {
    const { queue } = valuesOf(consumeFields, subscription.parameters);
    const channel = config.channels.find(({ index }) => index === subscription.channel);
    return channel?.kind === "subject" && queue !== "" ? { queue, bindingVersion } : undefined;
  },
  parametersIn: (level, { queue }) => (level === "consume" && queue !== undefined ? { queue } : {}),
};

/** The manual of NATS. */
export const natsManual: TechnologyManual = {
  guarantees: {
    order:
      "One order per stream, delivered in it; what is delivered again comes late, and several workers finish in any order. Core: per publisher and subscriber.",
    delivery:
      "Core: at most once. JetStream: at least once; once within duplicate_window for publications with Nats-Msg-Id. After max_deliver a message is left behind, and there is no dead letter.",
    retention:
      "Core: none. Streams: limits, interest of consumers, or until acknowledged (workqueue).",
  },
  modelled: [
    "Subjects with * and >; core subscriptions, queue groups with a random member, slow consumers that are disconnected.",
    "Streams: subjects, retention limits, interest and workqueue, discard old and new, max_msgs, max_bytes, max_age, max_msgs_per_subject.",
    "duplicate_window with Nats-Msg-Id; publications acknowledged by the stream, or sent with core NATS into it.",
    "Durable consumers, pull and push, filters, ack explicit, all and none, ack_wait, backoff, max_deliver, max_ack_pending over all workers.",
    "nak with and without delay, term, in-progress; late acknowledgements count.",
    "Replicas with a leader, an election of 4 to 9 s and a majority; R1 on one server; files and memory; power loss up to sync_interval. Servers cut off or slow.",
  ],
  simplified: [
    "A worker fetches the next batch when it has dealt with the last one; a push consumer has a deliver group.",
    "Streams and consumers exist from the start; consumers live where their stream's leader is, and their state is never lost.",
    "Replication takes no time: what is acknowledged is on a majority.",
    "sync_interval counts from the start of the run; replicated streams lose nothing without power.",
    "Clients find a server that is up at once. A frozen server is a slow one.",
    "+WPI is sent in time as long as a worker lives.",
    "What is given up after max_deliver, or acknowledged late while nobody works on it, counts as dropped; the message itself stays in its stream.",
    "A subscriber works on one core message at a time; all it has not begun is in the server's buffer.",
  ],
  notModelled: [
    "Deliver policies other than all (last, new, by sequence, by time, last per subject): consumers and streams exist from the start of a run, when a stream is empty, so that all but a later beginning come to the same.",
    "Ephemeral and ordered consumers, expected sequences, mirrors and sources, key-value and object stores.",
    "Request and reply, leaf nodes, gateways, accounts; the state of core NATS on both sides of a partition.",
    "max_waiting, flow control and heartbeats of push consumers, write_deadline, max_payload, max_msg_size.",
    "What versions after 2.10 add.",
  ],
  sources: [
    "https://docs.nats.io/nats-concepts/jetstream/streams",
    "https://docs.nats.io/nats-concepts/jetstream/consumers",
    "https://docs.nats.io/nats-concepts/subjects",
    "https://docs.nats.io/running-a-nats-service/configuration",
    "https://github.com/nats-io/nats-server/blob/main/server/raft.go",
    "Defaults and behaviour observed on nats-server 2.10.27, one and three servers.",
  ],
  counterparts: natsCounterparts,
  fieldSources: natsFieldSources,
  asyncapi,
  unlikeQueue: consumerUnlikeQueue,
  check: checkNats,
};
