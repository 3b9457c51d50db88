// The definition of the timeline's entries, a part of the document (document.ts).

import { durationMsMax } from "../base/distribution.ts";
import { bandwidthMax, listMax, redriveRateMax, slownessMax, textMax } from "./limits.ts";
import { distribution, fieldValue } from "./parameterShape.ts";
import type {
  CrashEntry,
  HealEntry,
  IsolateEntry,
  NetworkEntry,
  PauseEntry,
  ReconnectEntry,
  RedriveEntry,
  RestartEntry,
  ResumeEntry,
  RollOutEntry,
  SetEntry,
  SlowEntry,
  TimelineEntry,
} from "./timeline.ts";
import {
  boolean,
  choice,
  described,
  id,
  list,
  number,
  object,
  optional,
  text,
  variants,
} from "./shape.ts";

const duration = number({ min: 0, max: durationMsMax });

const version = text({ min: 1, max: textMax.version });

const moment = {
  at: described("Simulated time [ms].", duration),
  target: described("Id of the element that it happens to.", id),
};

const member = described(
  "Node of a broker's cluster, or instance of a service, counted from 0.",
  number({ min: 0, max: 999, integer: true }),
);

const place = {
  member: optional(member),
  zone: optional(
    described(
      "All nodes of a zone of the cluster, counted from 0: node n lies in zone n modulo zones.",
      number({ min: 0, max: 999, integer: true }),
    ),
  ),
};

const nodes = list(id, { max: listMax.nodes });

const share = number({ min: 0, max: 1 });

/** An entry of the timeline. */
export const timelineEntry = variants<TimelineEntry>("act", {
  crash: object<CrashEntry>({
    ...moment,
    act: choice(["crash"]),
    ...place,
    duration: optional(described("Restarts by itself after this time [ms].", duration)),
  }),
  restart: object<RestartEntry>({ ...moment, act: choice(["restart"]), ...place }),
  isolate: object<IsolateEntry>({
    ...moment,
    act: choice(["isolate"]),
    ...place,
    duration: optional(described("Is connected again by itself after this time [ms].", duration)),
  }),
  reconnect: object<ReconnectEntry>({ ...moment, act: choice(["reconnect"]), ...place }),
  pause: object<PauseEntry>({
    ...moment,
    act: choice(["pause"]),
    ...place,
    duration: optional(described("Goes on by itself after this time [ms].", duration)),
  }),
  resume: object<ResumeEntry>({ ...moment, act: choice(["resume"]), ...place }),
  slow: object<SlowEntry>({
    ...moment,
    act: choice(["slow"]),
    ...place,
    factor: described(
      "How many times as long it takes what it does; 1: as usual.",
      number({ min: 1, max: slownessMax }),
    ),
    duration: optional(described("Is as fast as before after this time [ms].", duration)),
  }),
  network: object<NetworkEntry>({
    ...moment,
    act: choice(["network"]),
    also: optional(described("Further nodes on the side of the target.", nodes)),
    to: optional(
      described("Nodes on the other side; without it all that are connected to the target.", nodes),
    ),
    direction: optional(
      described(
        "What the target sends (out), what it receives (in), or both; both without it.",
        choice(["both", "out", "in"]),
      ),
    ),
    partition: optional(described("Nothing passes.", boolean)),
    latency: optional(described("Added to each passage [ms].", distribution)),
    loss: optional(
      described(
        "Share of packets that are lost, and so sent again by TCP after 200 ms, 400 ms …",
        share,
      ),
    ),
    duplication: optional(
      described("Share of publications and requests that are sent twice, as by a proxy.", share),
    ),
    reordering: optional(described("Share of packets that come later.", share)),
    reorderDelay: optional(described("How much later [ms].", duration)),
    bandwidth: optional(
      described(
        "Bytes per second and direction of each connection.",
        number({ min: 1, max: bandwidthMax }),
      ),
    ),
    duration: optional(described("Is as before by itself after this time [ms].", duration)),
  }),
  heal: object<HealEntry>({ ...moment, act: choice(["heal"]) }),
  set: object<SetEntry>({
    ...moment,
    act: choice(["set"]),
    parameter: text({ min: 1, max: textMax.parameter }),
    value: fieldValue,
  }),
  "roll out": object<RollOutEntry>({
    ...moment,
    act: choice(["roll out"]),
    contract: described("Id of the contract.", id),
    contractVersion: described("Version of it that the target speaks from then on.", version),
  }),
  redrive: object<RedriveEntry>({
    ...moment,
    act: choice(["redrive"]),
    rate: described("Messages per second.", number({ min: 0.001, max: redriveRateMax })),
    count: optional(
      described(
        "How many messages at most; absent: all that lie there at that moment.",
        number({ min: 1, max: 1_000_000_000, integer: true }),
      ),
    ),
    to: optional(
      described("Id of the channel into which they go; absent: where they came from.", id),
    ),
  }),
});
