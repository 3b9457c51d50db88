// How Redis is set up: a script of commands for streams and groups, and containers with replicas and sentinels.

import { valuesOf } from "../../base/fields.ts";
import { clusterFields, consumeFields } from "./fields.ts";
import { groupName } from "./settings.ts";
import type {
  ComposePart,
  Deployable,
  DeploymentFile,
  TechnologyDeployment,
} from "../deployment.ts";
import type { BrokerConfig } from "../technology.ts";

/** As redis-cli reads a word between double quotes. */
function quoted(text: string): string {
  const escaped = text.replaceAll(/["\\]/gu, (found) => `\\${found}`);
  // oxlint-disable-next-line no-control-regex -- exactly these would end the line or the word
  return `"${escaped.replaceAll(/[\u0000-\u001f]/gu, " ")}"`;
}

/** One XGROUP CREATE per group; the stream is made with the first of them. */
function groupCommands(config: BrokerConfig): readonly string[] {
  const commands = config.subscriptions.flatMap((subscription) => {
    const channel = config.channels.find(({ index }) => index === subscription.channel);
    const { command } = valuesOf(consumeFields, subscription.parameters);
    if (channel?.kind !== "stream" || command === "XREAD") return [];
    const group = quoted(groupName(subscription));
    return [`XGROUP CREATE ${quoted(channel.name)} ${group} 0 MKSTREAM`];
  });
  return [...new Set(commands)];
}

const remarks = [
  "Streams are made by the first XADD or XGROUP CREATE. Trimming, WAIT, claims and dead letters are commands of the applications and stand in no file.",
];

function redisConf(config: BrokerConfig, role: { readonly replicaOf?: string }): string {
  const values = valuesOf(clusterFields, config.parameters);
  const numbers = [
    "min-replicas-to-write",
    "stream-node-max-entries",
    "stream-node-max-bytes",
  ] as const;
  const seconds = (ms: number) => Math.round(ms / 1000);
  const lines = [
    `appendonly ${values.appendonly ? "yes" : "no"}`,
    `appendfsync ${values.appendfsync}`,
    ...(values.maxmemory === null
      ? []
      : [`maxmemory ${values.maxmemory}`, "maxmemory-policy noeviction"]),
    values.appendonly || values.save.trim() === "" ? 'save ""' : `save ${values.save.trim()}`,
    ...numbers.map((name) => `${name} ${Math.round(values[name])}`),
    `min-replicas-max-lag ${seconds(values["min-replicas-max-lag"])}`,
    `client-output-buffer-limit pubsub ${Math.round(values["client-output-buffer-limit"])} ${Math.round(values["client-output-buffer-soft-limit"])} ${seconds(values["client-output-buffer-soft-seconds"])}`,
    ...(role.replicaOf === undefined ? [] : [`replicaof ${role.replicaOf} 6379`]),
  ];
  return `${lines.join("\n")}\n`;
}

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const values = valuesOf(clusterFields, config.parameters);
  const image = `redis:${values.version}`;
  const files: DeploymentFile[] = [{ name: "redis.conf", text: redisConf(config, {}) }];
  const services: Record<string, object> = {};
  for (let node = 0; node <= values.replicas; node++) {
    const name = node === 0 ? host : `${host}-replica-${node}`;
    const file = node === 0 ? "redis.conf" : "replica.conf";
    services[name] = {
      image,
      hostname: name,
      command: ["redis-server", "/etc/redis.conf"],
      ports: [`${portFrom(6379)}:6379`],
      volumes: [`./${host}/${file}:/etc/redis.conf:ro`],
      ...(node === 0 ? {} : { depends_on: [host] }),
    };
  }
  if (values.replicas > 0)
    files.push({ name: "replica.conf", text: redisConf(config, { replicaOf: host }) });
  if (values.replicas > 0 && values.sentinel) {
    const down = Math.round(values["down-after-milliseconds"]);
    const lines = [
      "sentinel resolve-hostnames yes",
      `sentinel monitor ${host} ${host} 6379 2`,
      `sentinel down-after-milliseconds ${host} ${down}`,
    ];
    files.push({ name: "sentinel.conf", text: `${lines.join("\n")}\n` });
    for (let sentinel = 1; sentinel <= 3; sentinel++)
      services[`${host}-sentinel-${sentinel}`] = {
        image,
        // Sentinel writes into its file, so each has a copy of its own.
        command: ["sh", "-c", "cp /etc/sentinel.conf /tmp/ && redis-sentinel /tmp/sentinel.conf"],
        volumes: [`./${host}/sentinel.conf:/etc/sentinel.conf:ro`],
        depends_on: [host],
      };
  }
  const groups = groupCommands(config);
  if (groups.length > 0) {
    files.push({ name: "groups.redis", text: `${groups.join("\n")}\n` });
    services[`${host}-groups`] = {
      image,
      command: ["sh", "-c", `sleep 2 && redis-cli -h ${host} < /groups.redis`],
      volumes: [`./${host}/groups.redis:/groups.redis:ro`],
      depends_on: [host],
    };
  }
  return { services, files, remarks };
}

/** How Redis is set up. */
export const redisStreamsDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "redis",
      label: "Redis: consumer groups",
      description: "Streams and consumer groups as commands: redis-cli < groups.redis.",
      files: ({ config }) => {
        const groups = groupCommands(config);
        const files =
          groups.length === 0 ? [] : [{ name: "groups.redis", text: `${groups.join("\n")}\n` }];
        return { files, remarks };
      },
    },
  ],
  compose,
  resourceType: ({ kind }) => (kind === "stream" ? "redis-stream" : "redis-channel"),
};
