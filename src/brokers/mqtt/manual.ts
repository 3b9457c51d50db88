// What is modelled of MQTT and Mosquitto and what is not, and its bindings in AsyncAPI documents.

import { mqttFieldSources } from "./fieldSources.ts";
import { mqttCounterparts } from "./counterparts.ts";
import { valuesOf } from "../../base/fields.ts";
import { checkMqtt } from "./check.ts";
import { consumeFields, publishFields } from "./fields.ts";
import { reachOfMqtt } from "./reach.ts";
import { mqttUnlikeQueue } from "./unlikeQueue.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";

const bindingVersion = "0.2.0";

const asyncapi: TechnologyBindings = {
  protocol: "mqtt",
  protocolVersion: "5.0",
  host: "mqtt.example.com:1883",
  key: "mqtt",
  channel: () => undefined,
  publish: (_config, publisher) => {
    const values = valuesOf(publishFields, publisher.parameters);
    const expiry = values.message_expiry_interval;
    return {
      qos: Number(values.qos),
      retain: values.retain,
      ...(expiry === null ? {} : { messageExpiryInterval: Math.ceil(expiry / 1000) }),
      bindingVersion,
    };
  },
  consume: (_config, subscription) => {
    const { qos } = valuesOf(consumeFields, subscription.parameters);
    return { qos: Number(qos), bindingVersion };
  },
  parametersIn: (level, content) => {
    const { qos, retain, messageExpiryInterval: expiry } = content;
    const stated = typeof qos === "number" ? { qos: String(qos) } : {};
    if (level === "channel") return {};
    if (level === "consume") return stated;
    return {
      ...stated,
      ...(retain !== undefined && { retain }),
      ...(typeof expiry === "number" && { message_expiry_interval: expiry * 1000 }),
    };
  },
};

/** The manual of MQTT. */
export const mqttManual: TechnologyManual = {
  counterparts: mqttCounterparts,
  guarantees: {
    order:
      "Per publisher, topic and QoS in order to one subscription; not within a shared subscription. What is sent again keeps its order.",
    delivery:
      "Per hop: QoS 0 at most once, 1 at least once, 2 exactly once. Between applications never more than at least once, and at most once with the usual acknowledgement on receipt.",
    retention:
      "None, but for the latest retained message of a topic and what sessions queue for clients that are gone.",
  },
  modelled: [
    "QoS 0, 1 and 2 per hop, the lower one of publisher and subscription; nothing is sent again before a reconnection.",
    "Topic filters with + and # over all topics of the broker, overlapping filters, No Local, shared subscriptions in turn.",
    "Clean start, Session Expiry Interval, queues of sessions with max_queued_messages (the newest is dropped), max_inflight_messages and Receive Maximum.",
    "Retained messages with Retain Handling, deletion by an empty message, Message Expiry Interval; before 2.0.13 for shared subscriptions too.",
    "Wills, Keep Alive, a client that connects twice.",
    "Crash of the broker with and without persistence and autosave; a broker that is cut off or slow.",
  ],
  simplified: [
    "The subscriptions of a service are one client, and its workers share its messages in turn; a client is there while a worker is up.",
    "When one of several workers crashes, the connection is lost with it and opened again at once.",
    "The two round trips of QoS 2 are three and four times the latency; packet identifiers are not kept.",
    "A will is what the service publishes over a connection marked as will; it is set again whenever the client connects. There is no will delay.",
    "A broker that is cut off loses all connections at once, and its clients come back after the time for reconnection.",
    "What was acknowledged after the latest autosave does not come back after a crash of the broker (in Mosquitto it may).",
    "A publisher is connected whenever the broker can be reached; its QoS 1 and 2 messages that were on the way when it was lost are refused, not sent again by the library.",
    "A retained message is not marked as such at the worker.",
  ],
  notModelled: [
    "Topic aliases, subscription identifiers, response topics, authentication, maximum packet size.",
    "Bridges between brokers inside of Mosquitto; clusters, which the standard does not know.",
    "Will Delay Interval, max_inflight_bytes, max_queued_bytes, persistent_client_expiration.",
  ],
  sources: [
    "https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html",
    "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html",
    "https://mosquitto.org/man/mosquitto-conf-5.html",
    "https://github.com/mqttjs/MQTT.js (reconnectPeriod, keepalive)",
    "Observed on Mosquitto 2.0.21 with MQTT.js 5.16, and on 2.0.11 (Debian 12).",
  ],
  fieldSources: mqttFieldSources,
  asyncapi,
  reach: reachOfMqtt,
  unlikeQueue: mqttUnlikeQueue,
  check: checkMqtt,
};
