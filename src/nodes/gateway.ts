// An API gateway: one door for many clients. It lets in, limits, remembers answers, and asks the services behind it; its
// routes are its outgoing calls, with the fields at the end of this file.

import {
  choice,
  count,
  duration,
  durations,
  type Fields,
  flag,
  number,
  ratio,
} from "../base/fields.ts";
import type { NodeKind } from "./kind.ts";
import { clientLimitFields } from "./patterns/clientLimit.ts";

const ifCached = { field: "responseCache", is: [true] };

const fields = {
  hopTime: durations({
    label: "Time per request",
    default: { distribution: "constant", value: 2 },
    help: "What its own work adds to each request.",
    live: true,
  }),
  concurrency: count({
    label: "Concurrent requests",
    min: 1,
    max: 1_000_000,
    default: 1000,
    help: "Further ones are refused at once (503).",
    live: true,
  }),
  unauthorized: ratio({
    label: "Not authorized",
    default: 0,
    help: "Share of the requests that fail to prove who they are (401).",
    live: true,
  }),
  ...clientLimitFields,
  requestTimeout: duration({
    label: "Timeout",
    min: 0.001,
    none: "those of the calls",
    default: null,
    help: "After so long in it a request fails (504), whatever calls are under way.",
    live: true,
  }),
  responseCache: flag({
    label: "Response cache",
    default: false,
    help: "Keeps complete answers by contract and key; only of routes whose calls are all safe.",
    live: true,
  }),
  cacheTtl: duration({
    label: "Time to live",
    min: 0.001,
    default: 60_000,
    help: "How long an answer is kept.",
    onlyIf: ifCached,
  }),
  cacheSize: count({
    label: "Cached answers",
    min: 1,
    none: "unlimited",
    default: null,
    help: "Beyond it the least recently used one goes.",
    onlyIf: ifCached,
  }),
} as const satisfies Fields;

/** The kind "gateway". */
export const gateway: NodeKind & { readonly fields: typeof fields } = {
  id: "gateway",
  label: "API gateway",
  summary: "Takes requests of clients, limits and routes them, and puts answers together.",
  icon: "signpost",
  key: "g",
  accent: "service",
  fields,
  works: true,
  publishes: false,
  consumes: false,
  calls: true,
  isCalled: true,
  writes: false,
  isWritten: false,
};

/** Fields of a gateway's outgoing calls, beside those of every call. */
export const routeFields = {
  share: choice({
    label: "In the answer",
    options: [
      { value: "alternative", label: "One of several: chosen by weight" },
      { value: "required", label: "Required part: fails the request" },
      { value: "optional", label: "Optional part: left out when it fails" },
    ],
    default: "alternative",
    help: "Calls for one contract: one of the alternatives is chosen, all parts are called at the same time.",
  }),
  weight: number({
    label: "Weight",
    max: 1_000_000,
    default: 1,
    help: "How often this alternative is chosen, in proportion to the others; a canary has little.",
    onlyIf: { field: "share", is: ["alternative"] },
  }),
  safe: flag({
    label: "Only reads",
    default: false,
    help: "A safe method, such as GET: its answer may come out of the response cache.",
  }),
} as const satisfies Fields;
