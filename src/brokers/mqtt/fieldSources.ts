// Where the defaults of the fields of MQTT come from.

import { type FieldSource, ownChoice } from "../fieldSources.ts";

/** Every field of MQTT, by the source of its default. */
export const mqttFieldSources: readonly FieldSource[] = [
  {
    source: "https://mosquitto.org/man/mosquitto-conf-5.html",
    cluster: [
      "max_inflight_messages",
      "max_queued_messages",
      "queue_qos0_messages",
      "persistence",
      "autosave_interval",
    ],
  },
  {
    source: "https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html",
    publish: ["retain", "message_expiry_interval", "will"],
    consume: ["share", "session_expiry_interval", "receive_maximum", "retain_handling", "no_local"],
  },
  {
    source: "https://github.com/mqttjs/MQTT.js (qos, clean, keepalive)",
    publish: ["qos"],
    consume: ["qos", "clean_session", "keep_alive"],
  },
  {
    source: ownChoice,
    cluster: ["version", "reconnect"],
    publish: ["topic", "latency"],
    consume: ["filter", "protocol", "acknowledge", "on_failure", "crash", "latency"],
    kinds: { topic: ["topic"] },
  },
];
