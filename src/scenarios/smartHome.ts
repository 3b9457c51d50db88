// A smart home that tells a burglar from a cat:
//
//   sensors ──┐
//             ├─▶ MQTT (motion) ─▶ watch: windows of 10 s per sensor ─▶ MQTT (alerts) ─▶ alarm
//   window ───┘
//
// Sensors report now and then. One of them reports many times within seconds: only that is worth an alert.

import type { Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const event = (what: string) => ({
  type: "object",
  properties: { sensorId: { type: "string", examples: ["sensor-4"] }, [what]: { type: "number" } },
  required: ["sensorId"],
  additionalProperties: false,
});

/** Windows with a threshold make alerts of a stream of readings. */
export const smartHome: Scenario = {
  format: "spillway",
  version: 1,
  id: "smart-home",
  title: "Smart home: alerts from windows over MQTT",
  description:
    "Forty sensors report motion over MQTT, one of them very often from 60 s to 80 s. A stream processor counts in windows of 10 s for each sensor and publishes counts of 15 and more. Watch the alarm hear of nothing but the burglary. Then set “Publish from” of the processor to 1: every window of every sensor is an alert.",
  ...parties,
  seed: 3,
  load: { duration: 120_000, sourcesStopAt: 110_000 },
  nodes: [
    {
      id: "sensors",
      kind: "producer",
      name: "Sensors",
      parameters: { rate: 20, keys: 40, keyName: "sensor" },
    },
    {
      id: "burglary",
      kind: "producer",
      name: "Burglary",
      parameters: { rate: 0.1, keys: 1, keyName: "window" },
    },
    { id: "mosquitto", kind: "broker", technology: "mqtt", name: "Mosquitto" },
    {
      id: "watch",
      kind: "processor",
      name: "Watch",
      parameters: { windowSize: 10_000, atLeast: 15, outOfOrderness: 500 },
    },
    {
      id: "alarm",
      kind: "service",
      name: "Alarm",
      parameters: { serviceTime: { distribution: "constant", value: 50 } },
    },
  ],
  channels: [
    { id: "motion", broker: "mosquitto", kind: "topic" },
    { id: "alerts", broker: "mosquitto", kind: "topic" },
  ],
  connections: [
    { id: "report", kind: "publish", from: "sensors", to: "motion", contract: "motion-seen" },
    { id: "break-in", kind: "publish", from: "burglary", to: "motion", contract: "motion-seen" },
    { id: "listen", kind: "consume", from: "motion", to: "watch" },
    { id: "alert", kind: "publish", from: "watch", to: "alerts", contract: "intrusion-suspected" },
    { id: "ring", kind: "consume", from: "alerts", to: "alarm" },
  ],
  contracts: [
    {
      id: "motion-seen",
      name: "MotionSeen",
      description: "A sensor has seen motion.",
      contractVersion: "1.0.0",
      schema: event("distance"),
    },
    {
      id: "intrusion-suspected",
      name: "IntrusionSuspected",
      description: "A sensor has seen much motion within a window.",
      contractVersion: "1.0.0",
      schema: event("count"),
    },
  ],
  timeline: [
    { at: 60_000, act: "set", target: "burglary", parameter: "rate", value: 4 },
    { at: 80_000, act: "set", target: "burglary", parameter: "rate", value: 0.1 },
  ],
  objectives: [
    {
      id: "no-alarm-fatigue",
      title: "The alarm rings for what matters",
      of: "alarm",
      measure: "handled",
      is: "at most",
      value: 5,
    },
  ],
  layout: {
    sensors: { x: 0, y: 0 },
    burglary: { x: 0, y: 160 },
    mosquitto: { x: 304, y: 40 },
    watch: { x: 680, y: 0 },
    alarm: { x: 680, y: 160 },
  },
};
