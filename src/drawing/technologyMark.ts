// The marks of technologies on their cards, drawn for Spillway (nobody's trademark): each hints at how the technology
// moves messages. Strokes in a square of 24.

const paths: Readonly<Record<string, string>> = {
  // Three logs, each with a cursor.
  kafka: "M3 6h18M3 12h18M3 18h18M9 4v4M15 10v4M7 16v4",
  // An exchange and its queues.
  rabbitmq: "M3 12h6M9 12l5-6h7M9 12h12M9 12l5 6h7",
  // A pulse.
  pulsar: "M3 12h4l3-7 4 14 3-7h4",
  // A queue of boxes.
  sqs: "M3 9h5v6H3zM9.5 9h5v6h-5zM16 9h5v6h-5z",
  // A broadcast.
  sns: "M12 10.5a1.5 1.5 0 1 0 .01 0M7.5 7.5a6.4 6.4 0 0 0 0 9M16.5 7.5a6.4 6.4 0 0 1 0 9M4.5 4.5a10.6 10.6 0 0 0 0 15M19.5 4.5a10.6 10.6 0 0 1 0 15",
  // A filter.
  eventbridge: "M4 5h16l-6 7v6l-4 2v-8z",
  // A topic and its subscriptions.
  "google-pubsub":
    "M12 9.5a2.5 2.5 0 1 0 .01 0M12 9.5V5M9.8 13.2 6 15.5M14.2 13.2 18 15.5M12 2.5a1.3 1.3 0 1 0 .01 0M4.8 15.2a1.3 1.3 0 1 0 .01 0M19.2 15.2a1.3 1.3 0 1 0 .01 0",
  // A grid.
  "event-grid": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  // Partitions that meet in a hub.
  "event-hubs": "M3 6h6M3 12h12M3 18h6M9 6l6 6-6 6M15 12h6",
  // A bus and its stops.
  "service-bus": "M3 12h18M7 12V6M12 12v6M17 12V6",
  // Layers.
  "redis-streams": "M12 4l9 4-9 4-9-4zM3 12l9 4 9-4M3 16l9 4 9-4",
  // A zigzag of subjects.
  nats: "M5 19V5l14 14V5",
  // Waves from a device.
  mqtt: "M5 18a1 1 0 1 0 .01 0M4 12a8 8 0 0 1 8 8M4 5a15 15 0 0 1 15 15",
};

/** The path of a technology's mark, to be stroked in a square of 24; undefined for none that has one. */
export function markOf(technology: string): string | undefined {
  return Object.hasOwn(paths, technology) ? paths[technology] : undefined;
}
