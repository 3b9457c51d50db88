// How RabbitMQ is set up: its definitions file, and containers that load it when they start.

import { valuesOf } from "../../base/fields.ts";
import type {
  ComposePart,
  Deployable,
  DeploymentFile,
  TechnologyDeployment,
} from "../deployment.ts";
import { definitionsOf } from "./definitions.ts";
import { clusterFields } from "./fields.ts";
import type { Version } from "./version.ts";

/** The image of each version; of 4.0 the one that was observed for the model. */
const images: Readonly<Record<Version, string>> = {
  "3.10": "rabbitmq:3.10-management",
  "3.13": "rabbitmq:3.13-management",
  "4.0": "rabbitmq:4.0.5-management",
  "4.3": "rabbitmq:4.3-management",
};

/** A node that loads definitions makes no user of its own, so the file brings the usual one: guest, with this password,
 *  as RabbitMQ hashes it (salt and SHA-256). For machines of developers only. */
const guest = {
  name: "guest",
  password_hash: "U3BpbHlOEhVwcdxdHbWHBrdXDOUTkBg1OVoDDWmLCi+Lv5Ji",
  hashing_algorithm: "rabbit_password_hashing_sha256",
  tags: ["administrator"],
};

const permissions = [{ user: guest.name, vhost: "/", configure: ".*", write: ".*", read: ".*" }];

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const { nodes, version } = valuesOf(clusterFields, config.parameters);
  const names = Array.from({ length: nodes }, (_, node) =>
    nodes === 1 ? host : `${host}-${node + 1}`,
  );
  const { definitions, remarks } = definitionsOf(config, "arguments");
  const files: readonly DeploymentFile[] = [
    { name: "definitions.json", json: { users: [guest], permissions, ...definitions } },
    ...configFiles({ config, host }, names),
  ];
  const services: Record<string, object> = {};
  for (const [index, name] of names.entries())
    services[name] = {
      image: images[version],
      hostname: name,
      ports: [`${portFrom(5672)}:5672`, `${portFrom(15_672)}:15672`],
      ...(nodes === 1 ? {} : { environment: { RABBITMQ_ERLANG_COOKIE: `spillway-${host}` } }),
      // The first node makes the cluster, the others join it.
      ...(index === 0
        ? {}
        : { depends_on: { [names[0] ?? host]: { condition: "service_healthy" } } }),
      volumes: files.map(
        (file) => `./${host}/${file.name}:${folders[file.name] ?? "/etc/rabbitmq"}/${file.name}:ro`,
      ),
      healthcheck: {
        test: ["CMD", "rabbitmq-diagnostics", "-q", "check_running"],
        interval: "10s",
        timeout: "10s",
        retries: 12,
        start_period: "20s",
      },
    };
  return { services, files, remarks };
}

/** The image's own settings stand in the same folder, before these in the alphabet. */
const folders: Readonly<Record<string, string>> = { "20-spillway.conf": "/etc/rabbitmq/conf.d" };

function configFiles({ config }: Deployable, names: readonly string[]): readonly DeploymentFile[] {
  const values = valuesOf(clusterFields, config.parameters);
  const { consumer_timeout: timeout, channel_tick_interval: tick } = values;
  const lines = [
    "load_definitions = /etc/rabbitmq/definitions.json",
    ...(timeout === null ? [] : [`consumer_timeout = ${Math.round(timeout)}`]),
    ...(names.length === 1
      ? []
      : [
          "cluster_formation.peer_discovery_backend = classic_config",
          ...names.map(
            (name, index) => `cluster_formation.classic_config.nodes.${index + 1} = rabbit@${name}`,
          ),
        ]),
  ];
  // Only the older form of its settings has these.
  const advanced = [
    ...(timeout === null ? ["{consumer_timeout, undefined}"] : []),
    ...(tick === clusterFields.channel_tick_interval.default
      ? []
      : [`{channel_tick_interval, ${Math.round(tick)}}`]),
  ];
  return [
    { name: "20-spillway.conf", text: `${lines.join("\n")}\n` },
    ...(advanced.length === 0
      ? []
      : [{ name: "advanced.config", text: `[{rabbit, [${advanced.join(", ")}]}].\n` }]),
  ];
}

/** How RabbitMQ is set up. */
export const rabbitmqDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "rabbitmq",
      label: "RabbitMQ: definitions",
      description: "Exchanges, queues, bindings and policies for rabbitmqctl import_definitions.",
      choice: {
        id: "settings",
        label: "Queue settings",
        help: "Settings such as TTL and dead letters with each queue, or in policies that can be changed later.",
        options: [
          { value: "arguments", label: "As arguments" },
          { value: "policies", label: "As policies" },
        ],
      },
      files: ({ config }, chosen) => {
        const { definitions, remarks } = definitionsOf(
          config,
          chosen === "policies" ? "policies" : "arguments",
        );
        const isEmpty = config.channels.length === 0;
        return {
          files: isEmpty ? [] : [{ name: "definitions.json", json: definitions }],
          remarks,
        };
      },
    },
  ],
  compose,
  resourceType: ({ kind }) => `rabbitmq-${kind}`,
};
