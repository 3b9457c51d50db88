// An idempotent consumer: deposits are told by events, and a second store adds up the same changes.
//
//   branches ─▶ accounts ─▶ [deposits] ─▶ reporting ─▶ [reported] ─▶ letters
//                  └ balances                 └ totals
//
// Reporting crashes four times between adding a deposit and acknowledging its event. Delivered again, the deposit would be
// added once more, for good; the inbox knows that it was dealt with.

import type { Contract, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const crashesAtS = [10, 20, 30, 40];

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

/** Deposits that are added up once each, although some come twice. */
export const idempotentConsumer: Scenario = {
  format: "spillway",
  version: 1,
  id: "idempotent-consumer",
  title: "Idempotent consumer: a deposit that comes twice",
  description:
    "Balances tell of every deposit by an event, and reporting adds the same change to its totals. Four crashes fall between the effect and its acknowledgement, so that events come again. Look at the store Totals: it converges with Balances. Then switch off Idempotent of the service Reporting: some deposits count twice, and the totals never agree again, although nothing is missing.",
  ...parties,
  seed: 3,
  load: { duration: 70_000, sourcesStopAt: 50_000 },
  nodes: [
    {
      id: "branches",
      kind: "producer",
      name: "Branches",
      parameters: { rate: 40, keyName: "account", keyChoice: "uniform", keys: 50 },
    },
    {
      id: "accounts",
      kind: "service",
      name: "Accounts",
      parameters: { concurrency: 10, serviceTime: { distribution: "exponential", mean: 10 } },
    },
    { id: "balances", kind: "store", name: "Balances", parameters: { versions: true } },
    { id: "rabbit", kind: "broker", technology: "rabbitmq", name: "RabbitMQ" },
    {
      id: "reporting",
      kind: "service",
      name: "Reporting",
      parameters: {
        concurrency: 8,
        serviceTime: { distribution: "exponential", mean: 20 },
        idempotent: true,
      },
    },
    { id: "totals", kind: "store", name: "Totals", parameters: { versions: true } },
    { id: "letters", kind: "service", name: "Letters" },
  ],
  channels: [
    { id: "deposits", broker: "rabbit", kind: "queue", name: "deposits" },
    { id: "reported", broker: "rabbit", kind: "queue", name: "reported" },
  ],
  connections: [
    { id: "deposit", kind: "call", from: "branches", to: "accounts", contract: "deposit-money" },
    {
      id: "book",
      kind: "write",
      from: "accounts",
      to: "balances",
      parameters: { change: "add", amount: 10, check: "atomic" },
    },
    {
      id: "tell",
      kind: "publish",
      from: "accounts",
      to: "deposits",
      contract: "money-deposited",
    },
    {
      id: "hear",
      kind: "consume",
      from: "deposits",
      to: "reporting",
      parameters: { prefetch_count: 20, on_failure: "reject" },
    },
    {
      id: "add-up",
      kind: "write",
      from: "reporting",
      to: "totals",
      parameters: { change: "add change" },
    },
    {
      id: "report",
      kind: "publish",
      from: "reporting",
      to: "reported",
      contract: "deposit-reported",
      parameters: { latency: 30 },
    },
    {
      id: "read-reported",
      kind: "consume",
      from: "reported",
      to: "letters",
      parameters: { prefetch_count: 100, on_failure: "reject" },
    },
  ],
  contracts: [
    contract("deposit-money", "DepositMoney", "Somebody pays money into an account."),
    contract("money-deposited", "MoneyDeposited", "A balance has grown by an amount."),
    contract("deposit-reported", "DepositReported", "The totals know of a deposit."),
  ],
  timeline: crashesAtS.map((at) => ({
    at: at * 1000,
    act: "crash",
    target: "reporting",
    duration: 1000,
  })),
  objectives: [
    {
      id: "totals-right",
      title: "Every deposit counts once",
      of: "totals",
      measure: "consistency.discrepancy",
      is: "at most",
      value: 0,
    },
    {
      id: "totals-converge",
      title: "Totals and balances agree in the end",
      of: "totals",
      measure: "consistency.divergedKeys",
      is: "at most",
      value: 0,
    },
  ],
  layout: {
    branches: { x: 0, y: 80 },
    accounts: { x: 304, y: 80 },
    balances: { x: 304, y: 272 },
    rabbit: { x: 624, y: 80 },
    reporting: { x: 976, y: 80 },
    totals: { x: 976, y: 272 },
    letters: { x: 1296, y: 80 },
  },
};
