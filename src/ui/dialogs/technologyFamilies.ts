// Technologies by what they do with messages, as menus group them.

/** Families in the order of menus; every technology is in one. */
export const families: readonly { readonly label: string; readonly ids: readonly string[] }[] = [
  { label: "Logs and streams", ids: ["kafka", "pulsar", "event-hubs", "redis-streams"] },
  { label: "Queues and exchanges", ids: ["rabbitmq", "sqs", "service-bus"] },
  {
    label: "Topics and event routers",
    ids: ["sns", "google-pubsub", "eventbridge", "event-grid"],
  },
  { label: "Subjects, for devices and services", ids: ["nats", "mqtt"] },
];
