// What is modelled of Redis Streams and what is not, its bindings in AsyncAPI documents, and what it finds wrong.

import { redisStreamsFieldSources } from "./fieldSources.ts";
import { redisStreamsCounterparts } from "./counterparts.ts";
import { valuesOf } from "../../base/fields.ts";
import { checkRedis } from "./check.ts";
import { consumeFields, streamFields } from "./fields.ts";
import { findStream, groupName } from "./settings.ts";
import { groupUnlikeQueue } from "./unlikeQueue.ts";
import type {
  BrokerConfig,
  ChannelConfig,
  TechnologyBindings,
  TechnologyManual,
} from "../technology.ts";

const extension = "x-redis-stream";

const asyncapi: TechnologyBindings = {
  protocol: "redis",
  host: "redis.example.com:6379",
  // The binding of Redis is empty so far (0.1.0): what there is to say stands in an extension.
  key: "redis",
  channel: (_config, channel) => {
    if (channel.kind !== "stream") return undefined;
    const { trim, maxlen } = valuesOf(streamFields, channel.parameters);
    return { [extension]: { key: channel.name, ...(trim === "MAXLEN" && { maxlen }) } };
  },
  publish: () => undefined,
  consume: (config, subscription) => {
    const channel = config.channels.find(({ index }) => index === subscription.channel);
    const values = valuesOf(consumeFields, subscription.parameters);
    if (channel?.kind !== "stream" || values.command === "XREAD") return undefined;
    const minIdle = values.claim === "nobody" ? {} : { minIdle: values["min-idle-time"] };
    return { [extension]: { group: groupName(subscription), ...minIdle } };
  },
  parametersIn: (level, content) => {
    const found = content[extension];
    if (!isMembers(found)) return {};
    const { maxlen, group, minIdle } = found;
    if (level === "channel") return maxlen === undefined ? {} : { trim: "MAXLEN", maxlen };
    if (level === "publish") return {};
    return {
      ...(group !== undefined && { group }),
      ...(minIdle !== undefined && { claim: "XAUTOCLAIM", "min-idle-time": minIdle }),
    };
  },
};

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function deadLetterTarget(config: BrokerConfig, channel: ChannelConfig): ChannelConfig | undefined {
  for (const { channel: of, parameters } of config.subscriptions) {
    const values = valuesOf(consumeFields, parameters);
    if (of !== channel.index || values.claim === "nobody" || values.dead_letter_after === null)
      continue;
    const found = findStream(config, values.dead_letter_stream);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The manual of Redis Streams. */
export const redisStreamsManual: TechnologyManual = {
  counterparts: redisStreamsCounterparts,
  guarantees: {
    order:
      "Ids rise in a stream and one consumer reads in their order; several consumers of a group finish in any order, and claimed entries come late.",
    delivery:
      "At least once while somebody claims or reads its own pending entries; at most once with NOACK and with pub/sub. What was acknowledged to a publisher can be lost with a primary.",
    retention:
      "For ever, or until trimmed by MAXLEN or MINID, read or not. Acknowledging removes nothing.",
  },
  modelled: [
    "Streams with rising ids; MAXLEN and MINID, exact or by whole nodes of the radix tree (~).",
    "Consumer groups: XREADGROUP with COUNT, BLOCK in the order of blocking, NOACK; XREAD for all.",
    "Pending entries with idle time and delivery counter; XACK, XAUTOCLAIM by a worker, own history after a restart, XGROUP DELCONSUMER. Nobody redelivers by itself.",
    "The late XACK of an earlier consumer ends the entry for the one that claimed it.",
    "Dead letters by the application: delivery counter, XADD and XACK.",
    "8.2: KEEPREF, DELREF, ACKED. 8.4: XREADGROUP CLAIM. 8.6: XADD IDMP. 8.8: XNACK FAIL.",
    "Persistence: none, RDB with its save points, AOF always, everysec, no; a killed process and a machine without power.",
    "Asynchronous replicas, WAIT, min-replicas-to-write, failover by Sentinel with loss of the tail: entries, reads and acknowledgements go back together, so that there are redeliveries too.",
    "Primaries and replicas that are cut off or slow; a primary that restarts empty and empties its replicas.",
    "maxmemory with noeviction: XADD is refused (OOM) while consumers read and acknowledge on, which frees nothing.",
    "Pub/sub with patterns (globs), one copy per matching pattern, and the output buffer limit.",
  ],
  simplified: [
    "A worker sends one command at a time and reads again when it has dealt with everything.",
    "Groups exist from the start, and are made again at once when a primary starts empty.",
    "A snapshot is made at the moment it is due and takes no time; AOF is fsynced at whole seconds (no: every 30 s); an always-fsync costs no time.",
    "A replica is behind by one constant delay, and has everything at once when it connects.",
    "Sentinels are always a majority and outside the nodes; clients find the new primary at once.",
    "Who reads with XREAD keeps its own place: a failover changes nothing of it but what is lost.",
    "Counters and idle times that a claim changed within the lost tail are kept, and so is what NOACK readers have read.",
    "Memory: 1 MB for the server, and for an entry its payload and 100 bytes (own estimates); what is pending counts for nothing, and the XADD of a dead letter is never refused.",
    "Nodes of a stream count the payload only, not field names and headers.",
    "ACKED trims up to the first entry that some group has not acknowledged.",
    "XAUTOCLAIM looks through all pending entries at once, in the order of ids.",
    "XACK and XADD of a dead letter happen together, as in MULTI or a script.",
    "Who reads pub/sub works on one message at a time; all it has not begun is in the server's buffer.",
    "What is acknowledged late while nobody works on it counts as dropped.",
  ],
  notModelled: [
    "Redis Cluster with several shards, and writes to the minority during its partition.",
    "Eviction (maxmemory-policy other than noeviction): a stream is one key, which would go as a whole; the time that commands take on the one thread.",
    "Transactions, scripts, XDEL, XSETID and explicit ids in XADD; reading from replicas.",
    "XCLAIM with FORCE, JUSTID or a chosen counter; XNACK SILENT and FATAL; IDMPAUTO.",
    "Keyspace notifications, sharded pub/sub, client-side caching.",
  ],
  sources: [
    "https://redis.io/docs/latest/develop/data-types/streams/",
    "https://redis.io/docs/latest/develop/data-types/streams/idempotency/",
    "https://redis.io/docs/latest/commands/xadd/",
    "https://redis.io/docs/latest/commands/xreadgroup/",
    "https://redis.io/docs/latest/commands/xautoclaim/",
    "https://redis.io/docs/latest/commands/xnack/",
    "https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/",
    "https://redis.io/docs/latest/operate/oss_and_stack/management/replication/",
    "https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/",
    "https://redis.io/docs/latest/develop/pubsub/",
    "Defaults and behaviour observed on Redis 8.0.2.",
  ],
  fieldSources: redisStreamsFieldSources,
  asyncapi,
  unlikeQueue: groupUnlikeQueue,
  check: checkRedis,
  deadLetterTarget,
};
