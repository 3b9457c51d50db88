// Event sourcing: accounts are kept as their events, and a projection that nobody had thought of is added after half the run.
//
//   branches ─▶ bank ─▶ accounts (events) ─▶ balances service ─▶ balances
//                                        └─▶ statistics (from 40 s on) ─▶ totals
//
// The log has everything that ever happened, so the late projection is built from its beginning; the bank never notices.

import type { Contract, Node, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const constantly = (value: number) => ({ distribution: "constant", value }) as const;

function contract(id: string, name: string, description: string): Contract {
  return {
    id,
    name,
    description,
    contractVersion: "1.0.0",
    schema: {
      type: "object",
      properties: {
        account: { type: "string", pattern: "^account-[0-9]+$", examples: ["account-4"] },
        amount: { type: "number", minimum: 0 },
      },
      required: ["account", "amount"],
      additionalProperties: false,
    },
  };
}

function projector(id: string, name: string): Node {
  return { id, kind: "service", name, parameters: { serviceTime: constantly(0.5) } };
}

/** Accounts as events, a projection from the start, and one that is added late. */
export const lateProjection: Scenario = {
  format: "spillway",
  version: 1,
  id: "late-projection",
  title: "Event sourcing with a late projection",
  description:
    "The store Accounts keeps every deposit as an event. Balances follows its log from the start; Statistics is added at 40 s, when nobody can repeat what was before, and still learns all of it: its line begins with the first event. Look at Subscriptions to events in the report, and ask for an entity in the terminal: its state is known at any past time. Then let Statistics start with what comes from then on: its totals never agree. Or set Snapshot every of Accounts to never: each deposit reads all events of its account, and the bank becomes slower and slower.",
  ...parties,
  seed: 5,
  load: { duration: 80_000, sourcesStopAt: 70_000 },
  nodes: [
    {
      id: "branches",
      kind: "producer",
      name: "Branches",
      parameters: { rate: 40, keyName: "account", keyChoice: "uniform", keys: 10 },
    },
    {
      id: "bank",
      kind: "service",
      name: "Bank",
      parameters: {
        concurrency: 10,
        serviceTime: { distribution: "exponential", mean: 5 },
        attempts: 20,
        backoff: 5,
      },
    },
    {
      id: "accounts",
      kind: "store",
      name: "Accounts",
      parameters: { versions: true, keeps: "events", snapshotEvery: 50, eventTime: 0.2 },
    },
    projector("balances-projector", "Balances"),
    { id: "balances", kind: "store", name: "Balances view", parameters: { versions: true } },
    projector("statistics", "Statistics"),
    { id: "totals", kind: "store", name: "Totals", parameters: { versions: true } },
  ],
  channels: [],
  connections: [
    {
      id: "deposit",
      kind: "call",
      from: "branches",
      to: "bank",
      contract: "deposit-money",
      parameters: { timeout: 5000 },
    },
    {
      id: "append",
      kind: "write",
      from: "bank",
      to: "accounts",
      parameters: { change: "add", amount: 10, check: "version" },
    },
    {
      id: "follow",
      kind: "call",
      from: "accounts",
      to: "balances-projector",
      contract: "money-deposited",
      parameters: { latency: constantly(0.5) },
    },
    {
      id: "follow-late",
      kind: "call",
      from: "accounts",
      to: "statistics",
      contract: "money-deposited",
      parameters: { latency: constantly(0.5), startsAt: 40_000 },
    },
    {
      id: "project",
      kind: "write",
      from: "balances-projector",
      to: "balances",
      parameters: { check: "version", duration: constantly(0.5) },
    },
    {
      id: "add-up",
      kind: "write",
      from: "statistics",
      to: "totals",
      parameters: { change: "add change", duration: constantly(0.5) },
    },
  ],
  contracts: [
    contract("deposit-money", "DepositMoney", "Somebody pays money into an account."),
    contract("money-deposited", "MoneyDeposited", "An account has grown by an amount."),
  ],
  timeline: [],
  objectives: [
    {
      id: "totals-right",
      title: "The late projection knows everything in the end",
      of: "totals",
      measure: "consistency.divergedKeys",
      is: "at most",
      value: 0,
    },
    {
      id: "bank-fast",
      title: "99 % of the deposits within half a second",
      of: "bank",
      measure: "latency.p99",
      is: "at most",
      value: 500,
    },
  ],
  layout: {
    branches: { x: 0, y: 96 },
    bank: { x: 304, y: 96 },
    accounts: { x: 608, y: 96 },
    "balances-projector": { x: 928, y: 0 },
    balances: { x: 1232, y: 0 },
    statistics: { x: 928, y: 208 },
    totals: { x: 1232, y: 208 },
  },
};
