// How Event Hubs is set up: Terraform for the service, and Microsoft's emulator as containers.

import { valuesOf } from "../../base/fields.ts";
import type { ComposePart, Deployable, Deployed, TechnologyDeployment } from "../deployment.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";
import { clusterFields, hubFields } from "./fields.ts";
import { consumerGroupOf } from "./plan.ts";

const image = "mcr.microsoft.com/azure-messaging/eventhubs-emulator:2.1.0";
const storageImage = "mcr.microsoft.com/azure-storage/azurite:3.34.0";
const amqpPort = 5672;

/** A hub as the service will know it. */
interface NamedHub {
  readonly channel: ChannelConfig;
  readonly name: string;
  readonly groups: readonly string[];
}

/** Names have letters, digits, hyphens, underscores and dots, 50 at most, and differ. */
function namesOf(wishes: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return wishes.map((wish) => {
    const stem =
      wish
        .replaceAll(/[^\w.-]+/gu, "-")
        .replaceAll(/^[-._]+|[-._]+$/gu, "")
        .slice(0, 44) || "hub";
    let name = stem;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function hubsOf(config: BrokerConfig): { hubs: readonly NamedHub[]; remarks: readonly string[] } {
  const names = namesOf(config.channels.map(({ name }) => name));
  const hubs = config.channels.map((channel, i): NamedHub => {
    const own = config.subscriptions.filter((one) => one.channel === channel.index);
    const groups = [...new Set(own.map(consumerGroupOf))].filter((name) => name !== "$Default");
    return { channel, name: names[i]!, groups: namesOf(groups) };
  });
  const remarks = hubs.flatMap(({ channel, name }) =>
    name === channel.name ? [] : [`Event hub “${channel.name}” is called “${name}”.`],
  );
  return { hubs, remarks };
}

function terraform({ config, host }: Deployable): Deployed {
  const { hubs, remarks } = hubsOf(config);
  const values = valuesOf(clusterFields, config.parameters);
  const namespace = "${azurerm_eventhub_namespace.main.id}";
  const hubResources = hubs.map(({ channel, name }) => {
    const { partitionCount, retention } = valuesOf(hubFields, channel.parameters);
    return [
      label(name),
      {
        name,
        namespace_id: namespace,
        partition_count: partitionCount,
        retention_description: [
          {
            cleanup_policy: "Delete",
            retention_time_in_hours: Math.max(1, Math.round(retention / 3_600_000)),
          },
        ],
      },
    ] as const;
  });
  const groupResources = hubs.flatMap(({ name, groups }) =>
    groups.map(
      (group) =>
        [
          `${label(name)}_${label(group)}`,
          {
            name: group,
            namespace_name: "${azurerm_eventhub_namespace.main.name}",
            eventhub_name: `\${azurerm_eventhub.${label(name)}.name}`,
            resource_group_name: "${var.resource_group_name}",
          },
        ] as const,
    ),
  );
  const inflates = values.tier === "Standard" && values.autoInflate;
  const main = {
    name: host,
    resource_group_name: "${var.resource_group_name}",
    location: "${var.location}",
    sku: values.tier === "Dedicated" ? "Premium" : values.tier,
    capacity: values.throughputUnits,
    auto_inflate_enabled: inflates,
    ...(inflates && { maximum_throughput_units: values.maximumThroughputUnits }),
  };
  const json = {
    terraform: { required_providers: { azurerm: { source: "hashicorp/azurerm" } } },
    variable: { resource_group_name: { type: "string" }, location: { type: "string" } },
    resource: {
      azurerm_eventhub_namespace: { main },
      ...(hubs.length > 0 && { azurerm_eventhub: Object.fromEntries(hubResources) }),
      ...(groupResources.length > 0 && {
        azurerm_eventhub_consumer_group: Object.fromEntries(groupResources),
      }),
    },
  };
  return { files: [{ name: "event-hubs.tf.json", json }], remarks };
}

/** A name that Terraform takes for a resource. */
function label(name: string): string {
  return `h_${name.replaceAll(/\W/gu, "_")}`;
}

function compose(broker: Deployable, portFrom: (wish: number) => number): ComposePart {
  const { config, host } = broker;
  const { hubs, remarks } = hubsOf(config);
  const json = {
    UserConfig: {
      NamespaceConfig: [
        {
          Type: "EventHub",
          Name: "emulatorNs1",
          Entities: hubs.map(({ channel, name, groups }) => ({
            Name: name,
            PartitionCount: valuesOf(hubFields, channel.parameters).partitionCount,
            ConsumerGroups: groups.map((group) => ({ Name: group })),
          })),
        },
      ],
      LoggingConfig: { Type: "File" },
    },
  };
  return {
    files: [{ name: "Config.json", json }],
    remarks: [
      ...remarks,
      `${host}: the emulator has neither throughput units nor zones, and at most 10 hubs, 32 partitions and 20 groups.`,
    ],
    services: {
      [`${host}-storage`]: { image: storageImage },
      [host]: {
        image,
        hostname: host,
        depends_on: [`${host}-storage`],
        environment: {
          ACCEPT_EULA: "Y",
          BLOB_SERVER: `${host}-storage`,
          METADATA_SERVER: `${host}-storage`,
        },
        ports: [`${portFrom(amqpPort)}:${amqpPort}`],
        volumes: [`./${host}/Config.json:/Eventhubs_Emulator/ConfigFiles/Config.json:ro`],
      },
    },
  };
}

/** How Azure Event Hubs is set up. */
export const eventHubsDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "event-hubs-terraform",
      label: "Event Hubs: Terraform",
      description:
        "A namespace with its event hubs and consumer groups for Terraform's azurerm provider.",
      files: terraform,
    },
  ],
  compose,
  resourceType: () => "azure-event-hub",
};
