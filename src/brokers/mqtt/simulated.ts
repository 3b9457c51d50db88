// MQTT, whole: what it shows, its manual and its behaviour.

import type { SimulatedTechnology } from "../technology.ts";
import { mqttManual } from "./manual.ts";
import { mqtt } from "./mqtt.ts";
import { MqttBroker } from "./runtime.ts";

/** MQTT with its behaviour. */
export const simulatedMqtt: SimulatedTechnology = {
  ...mqtt,
  ...mqttManual,
  open: (config, context) => new MqttBroker(config, context),
};
