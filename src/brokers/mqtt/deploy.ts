// How the real thing is set up: Mosquitto's configuration file, and a container that reads it. Topics need no set-up.

import { valuesOf } from "../../base/fields.ts";
import type {
  ComposePart,
  Deployable,
  DeploymentFile,
  TechnologyDeployment,
} from "../deployment.ts";
import { clusterFields } from "./fields.ts";
import type { BrokerConfig } from "../technology.ts";

/** The images of the versions that were observed for the model. */
const images = { "2.0.0": "eclipse-mosquitto:2.0.11", "2.0.13": "eclipse-mosquitto:2.0.21" };

function configFile(config: BrokerConfig): DeploymentFile {
  const values = valuesOf(clusterFields, config.parameters);
  const lines = [
    "# For machines of developers only: everybody may connect.",
    "listener 1883",
    "allow_anonymous true",
    `max_inflight_messages ${values.max_inflight_messages}`,
    `max_queued_messages ${values.max_queued_messages}`,
    `queue_qos0_messages ${values.queue_qos0_messages}`,
    `persistence ${values.persistence}`,
    ...(values.persistence
      ? [
          "persistence_location /mosquitto/data/",
          `autosave_interval ${Math.max(1, Math.round(values.autosave_interval / 1000))}`,
        ]
      : []),
  ];
  return { name: "mosquitto.conf", text: `${lines.join("\n")}\n` };
}

function compose({ config, host }: Deployable, portFrom: (wish: number) => number): ComposePart {
  const file = configFile(config);
  const { version } = valuesOf(clusterFields, config.parameters);
  return {
    services: {
      [host]: {
        image: images[version],
        ports: [`${portFrom(1883)}:1883`],
        volumes: [`./${host}/${file.name}:/mosquitto/config/${file.name}:ro`],
      },
    },
    files: [file],
    remarks: [],
  };
}

/** How MQTT is set up. */
export const mqttDeployment: TechnologyDeployment = {
  setUps: [
    {
      id: "mosquitto",
      label: "Mosquitto: configuration",
      description: "The settings of the broker for mosquitto -c; topics need no set-up.",
      files: ({ config }) => ({
        files: config.channels.length === 0 ? [] : [configFile(config)],
        remarks: [],
      }),
    },
  ],
  compose,
  resourceType: () => "mqtt-topic",
};
