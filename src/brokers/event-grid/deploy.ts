// How Event Grid is set up: an ARM template with topics, event subscriptions and the container of dead letters. There is no
// official emulator, so a compose file has nothing of it.

import { valuesOf } from "../../base/fields.ts";
import type { Deployed, TechnologyDeployment } from "../deployment.ts";
import { subscriptionFields, topicFields } from "./fields.ts";
import { parseJson } from "../mechanisms/routing/messageFacts.ts";
import { findContainer, subscriptionsOf } from "./routing.ts";
import type { BrokerConfig, ChannelConfig } from "../technology.ts";

const apiVersion = "2025-02-15";
const endpointUrl = "https://example.com/events";

function template(config: BrokerConfig): Deployed {
  const remarks: string[] = [];
  const topics = config.channels.filter(({ kind }) => kind === "topic");
  const named = topics.filter(({ name, id }) => {
    const isValid = /^[A-Za-z0-9-]{3,50}$/u.test(name);
    if (!isValid)
      remarks.push(
        `Topic “${name}” (${id}) is left out: names have 3 to 50 letters, digits and hyphens.`,
      );
    return isValid;
  });
  const resources = named.flatMap((topic) => [
    {
      type: "Microsoft.EventGrid/topics",
      apiVersion,
      name: topic.name,
      location: "[resourceGroup().location]",
      properties: { inputSchema: valuesOf(topicFields, topic.parameters).inputSchema },
    },
    ...subscriptionsOf(config, topic.index).map((one) => subscription(config, topic, one)),
  ]);
  const json = {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: {
      endpointUrl: { type: "string", defaultValue: endpointUrl },
      storageAccountId: { type: "string", defaultValue: "" },
    },
    resources,
  };
  return { files: resources.length === 0 ? [] : [{ name: "event-grid.json", json }], remarks };
}

function subscription(config: BrokerConfig, topic: ChannelConfig, channel: ChannelConfig): object {
  const values = valuesOf(subscriptionFields, channel.parameters);
  const advanced = parseJson(values.advancedFilters);
  const called = values.deadLetterDestination;
  const container = called === "" ? undefined : findContainer(config, called);
  const types = values.includedEventTypes.split(",").map((type) => type.trim());
  const included = types.filter((type) => type !== "");
  return {
    type: "Microsoft.EventGrid/topics/eventSubscriptions",
    apiVersion,
    name: `${topic.name}/${channel.name}`,
    dependsOn: [`[resourceId('Microsoft.EventGrid/topics', '${topic.name}')]`],
    properties: {
      destination: {
        endpointType: "WebHook",
        properties: { endpointUrl: "[parameters('endpointUrl')]" },
      },
      filter: {
        subjectBeginsWith: values.subjectBeginsWith,
        subjectEndsWith: values.subjectEndsWith,
        isSubjectCaseSensitive: values.isSubjectCaseSensitive,
        enableAdvancedFilteringOnArrays: values.enableAdvancedFilteringOnArrays,
        ...(included.length > 0 && { includedEventTypes: included }),
        ...(advanced.ok && { advancedFilters: advanced.value }),
      },
      retryPolicy: {
        maxDeliveryAttempts: values.maxDeliveryAttempts,
        eventTimeToLiveInMinutes: Math.round(values.eventTimeToLiveInMinutes / 60_000),
      },
      ...(container !== undefined && {
        deadLetterDestination: {
          endpointType: "StorageBlob",
          properties: {
            resourceId: "[parameters('storageAccountId')]",
            blobContainerName: container.name,
          },
        },
      }),
    },
  };
}

/** How Event Grid is set up. */
export const eventGridDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "arm-event-grid",
      label: "Event Grid: ARM template",
      description: "Topics and event subscriptions as a template for az deployment group create.",
      files: ({ config }) => template(config),
    },
  ],
  compose: () => ({
    services: {},
    files: [],
    remarks: ["Event Grid has no official emulator; set it up in Azure with the ARM template."],
  }),
  resourceType: ({ kind }) => `event-grid-${kind}`,
};
