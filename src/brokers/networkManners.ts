// What clients and brokers of each technology do when the network between them is silent: how long a publisher waits for
// an answer, when it gives up, whether a second copy is recognised, and when a broker takes a silent consumer for gone.

import type { Parameters } from "../base/fields.ts";
import { msToNs } from "../base/units.ts";
import type { Departure } from "./technology.ts";

/** How the client of a publisher bears silence. */
export interface PublishManners {
  /** Without an answer for so long it sends again [ns]. */
  readonly answerNs: number;
  /** Without an answer for so long it gives up [ns]; Infinity: never. */
  readonly giveUpNs: number;
  /** Whether the broker recognises what it is sent once more. */
  readonly isIdempotent: boolean;
  /** Whether the broker answers at all; otherwise what was sent counts as published. */
  readonly isAnswered: boolean;
}

/** How a broker bears the silence of a consumer. */
export interface ConsumeManners {
  /** After so long without a word the consumer counts as gone [ns]; Infinity: never. */
  readonly noticeNs: number;
  readonly as: Departure;
}

/** What is known of a publish connection. */
export interface Publishing {
  readonly technology: string;
  readonly broker: Parameters;
  readonly channel: Parameters;
  readonly connection: Parameters;
}

/** What is known of a consume connection. */
export interface Consuming {
  readonly technology: string;
  readonly connection: Parameters;
}

const second = 1e9;

/** Where a field may be switched off, that is without end. */
function numberOf(parameters: Parameters, name: string, otherwise: number): number {
  const value = parameters[name];
  if (value === null) return Infinity;
  return typeof value === "number" ? value : otherwise;
}

/** How clients publish. */
export function publishMannersOf(publishing: Publishing): PublishManners {
  return { ...silenceOf(publishing), isAnswered: isAnswered(publishing) };
}

/** What is sent without acks, confirms or QoS has no answer. */
function isAnswered({ technology, connection }: Publishing): boolean {
  switch (technology) {
    case "kafka":
      return connection["acks"] !== "0";
    case "rabbitmq":
      return connection["confirms"] === true;
    case "mqtt":
      return connection["qos"] !== "0";
    case "nats":
      return connection["publish"] === "jetstream";
    default:
      return true;
  }
}

/** How clients bear silence. Timeouts that a technology's fields state are taken from there; the others are defaults of its usual
 *  client libraries. */
function silenceOf(publishing: Publishing): Omit<PublishManners, "isAnswered"> {
  const { technology, broker, channel, connection } = publishing;
  switch (technology) {
    case "kafka": {
      // request.timeout.ms is 30 s (Apache Kafka, producer configs); retries end with delivery.timeout.ms.
      const giveUpNs = msToNs(numberOf(connection, "delivery.timeout.ms", 120_000));
      const isIdempotent =
        connection["enable.idempotence"] === true && connection["acks"] === "all";
      return { answerNs: Math.min(30 * second, giveUpNs), giveUpNs, isIdempotent };
    }
    case "rabbitmq":
      // Heartbeats of 60 s (rabbitmq.com/docs/heartbeats): then the connection is closed and the publication has failed;
      // client libraries do not repeat it.
      return { answerNs: 60 * second, giveUpNs: 60 * second, isIdempotent: false };
    case "mqtt": {
      // Unacknowledged PUBLISH packets are sent again after reconnecting (MQTT 5.0, 4.4); QoS 2 tells them apart.
      const aliveNs = msToNs(numberOf(connection, "keep_alive", 60_000));
      return { answerNs: aliveNs, giveUpNs: Infinity, isIdempotent: connection["qos"] === "2" };
    }
    case "nats": {
      const giveUpNs = msToNs(numberOf(connection, "timeout", 5000));
      return { answerNs: giveUpNs, giveUpNs, isIdempotent: false };
    }
    case "redis-streams":
      // Socket timeout of Jedis.
      return { answerNs: 2 * second, giveUpNs: 2 * second, isIdempotent: false };
    case "pulsar": {
      // What is not acknowledged goes out again after reconnecting, when keepAliveIntervalSeconds (30) are over.
      const giveUpNs = msToNs(numberOf(connection, "sendTimeout", 30_000));
      const isIdempotent = broker["brokerDeduplicationEnabled"] === true;
      return { answerNs: Math.min(30 * second, giveUpNs), giveUpNs, isIdempotent };
    }
    case "sqs":
    case "sns":
      // read_timeout 60 s and three attempts of boto3's standard mode; FIFO recognises the deduplication id.
      return {
        answerNs: 60 * second,
        giveUpNs: 180 * second,
        isIdempotent: channel["FifoQueue"] === true || channel["FifoTopic"] === true,
      };
    default:
      // Try timeout of 60 s and three attempts: Azure's AMQP clients, boto3, Google's publish timeout.
      return { answerNs: 60 * second, giveUpNs: 180 * second, isIdempotent: false };
  }
}

/** When a broker takes a consumer for gone of which it hears nothing. */
export function consumeMannersOf({ technology, connection }: Consuming): ConsumeManners {
  switch (technology) {
    case "kafka":
      return {
        noticeNs: msToNs(numberOf(connection, "session.timeout.ms", 45_000)),
        as: "silent",
      };
    case "rabbitmq":
      return { noticeNs: 60 * second, as: "silent" };
    case "mqtt":
      // One and a half times the keep alive (MQTT 5.0, 3.1.2.10).
      return {
        noticeNs: 1.5 * msToNs(numberOf(connection, "keep_alive", 60_000)),
        as: "silent",
      };
    case "pulsar":
      // keepAliveIntervalSeconds 30: closed when two pings go unanswered.
      return { noticeNs: 60 * second, as: "silent" };
    case "nats":
      // ping_interval 2 min, ping_max 2.
      return { noticeNs: 240 * second, as: "crash" };
    case "redis-streams":
      // Nobody notices: what is pending can be claimed after its idle time.
      return { noticeNs: Infinity, as: "crash" };
    case "google-pubsub":
      // Leases are not extended any more from the next extension on.
      return { noticeNs: 10 * second, as: "crash" };
    case "sqs":
      // A receive request ends after 20 s at the latest; what it had stays hidden until its timeout.
      return { noticeNs: 20 * second, as: "crash" };
    case "sns":
    case "eventbridge":
    case "event-grid":
      // Whoever pushes waits so long for an answer (SNS: 15 s, EventBridge: 5 s, Event Grid: 30 s).
      return { noticeNs: pushTimeouts[technology] * second, as: "crash" };
    default:
      // AMQP's idle timeout at Event Hubs and Service Bus.
      return { noticeNs: 60 * second, as: "crash" };
  }
}

const pushTimeouts = { sns: 15, eventbridge: 5, "event-grid": 30 } as const;
