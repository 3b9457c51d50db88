// What is modelled of Event Grid and what is not, how it appears in AsyncAPI documents, what reaches its channels, and what
// it finds wrong.

import { eventGridCounterparts } from "./counterparts.ts";
import { eventGridFieldSources } from "./fieldSources.ts";
import { formatDurationMs } from "../../base/units.ts";
import { checkEventGrid } from "./check.ts";
import { deadLetterContainer, reachOfEventGrid } from "./reach.ts";
import type { TechnologyBindings, TechnologyManual } from "../technology.ts";

// AsyncAPI defines no bindings for Event Grid: what it says of channels and operations is carried by extensions.
const asyncapi: TechnologyBindings = {
  protocol: "https",
  host: "orders.westeurope-1.eventgrid.azure.net",
  key: "http",
  channel: () => undefined,
  publish: () => undefined,
  consume: () => undefined,
  parametersIn: () => ({}),
};

/** The manual of Azure Event Grid. */
export const eventGridManual: TechnologyManual = {
  guarantees: {
    order: "None.",
    delivery:
      "At least once per event subscription, until attempts or time to live are used up; then dead-lettered or dropped.",
    retention:
      "24 hours at most while an event cannot be delivered; nothing for later subscriptions.",
  },
  modelled: [
    "Filters on subject (case only where asked for), on event types, and advanced filters with all 19 operators, on arrays too.",
    "Event Grid schema and CloudEvents 1.0 in the names that filters see.",
    "Push to one endpoint per event subscription; success is a status from 200 to 204 within 30 s.",
    "The documented retry schedule, with its longer first waits after 404, 408 and 503.",
    "400, 401, 403 and 413 end the delivery at once.",
    "Maximum attempts and time to live, whichever comes first; dead letters are written five minutes later.",
    "An answer after 30 s is a failed attempt: the event is delivered again while the endpoint may still be at work.",
    "Delayed delivery to an endpoint that keeps failing, where it is switched on: after 10 failures in a row, for new events too.",
    "Ingress per topic, and clients that try again three times.",
    "Zones: failed requests are tried again until the failure is detected, nothing is lost.",
  ],
  simplified: [
    "How long delivery is delayed is not published: as long as stated, doubled up to 4 h, and one success ends it. An event whose time is over meanwhile is given up when its turn comes.",
    "The steps of the schedule are gaps between attempts, exact and without jitter; none is skipped.",
    "An answer that comes after 30 s removes no retry that is queued already.",
    "A connection that nobody takes is tried again like an answer with status 500.",
    "All endpoints are webhooks: 401 and 403 are not tried again.",
    "Events of other types than an operator's count as if the key were missing.",
    "Containers are always there; dead letters are counted, not read.",
  ],
  notModelled: [
    "Output batching (maxEventsPerBatch, preferredBatchSizeInKilobytes): every event is a request of its own, as it is by default. A batch would be answered as a whole, and a service here deals with one message at a time.",
    "Namespace topics with pull delivery and MQTT, partner and system topics, domains.",
    "Azure resources as endpoints with their own statuses, managed identities, validation of webhooks.",
    "Geo-disaster recovery, billing, the quota of 5 MB per second.",
  ],
  sources: [
    "https://learn.microsoft.com/azure/event-grid/delivery-and-retry (schedule, statuses, time to live, dead letters)",
    "https://learn.microsoft.com/azure/event-grid/event-filtering (filters and their limits)",
    "https://learn.microsoft.com/azure/event-grid/quotas-limits (5,000 events per second and topic, 1 MB per event)",
    "azure-mgmt-eventgrid: operator types and defaults of event subscriptions",
    "Azure.Core: RetryOptions (three retries, 0.8 s, one minute)",
  ],
  counterparts: eventGridCounterparts,
  fieldSources: eventGridFieldSources,
  asyncapi,
  unlikeQueue: (config, subscription) => {
    const publishers = config.publishers.map(({ parameters }) => Number(parameters["latency"]));
    const wireMs = Math.max(0, ...publishers) + Number(subscription.parameters["latency"]);
    return [
      {
        code: "wire",
        sentence: `Events are on the wire for some ${formatDurationMs(wireMs)}, which no formula of a queue knows.`,
        addsMs: wireMs,
      },
      {
        code: "timeout",
        sentence:
          "An event that waits and is worked on for more than 30 s is delivered again (the endpoint's response time).",
      },
    ];
  },
  check: checkEventGrid,
  reach: reachOfEventGrid,
  deadLetterTarget: deadLetterContainer,
};
