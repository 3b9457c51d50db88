// Money transfer: what leaves one store must come to the other, once. No transaction spans the two, only an event.
//
//   customers ─▶ giro ─▶ [transfers] ─▶ savings ─▶ [booked] ─▶ letters
//                 └ giro accounts          └ savings accounts
//
// Savings crashes now and then between booking and acknowledging, so that a transfer is delivered again. The sum of all
// balances tells whether money was made or lost.

import type { Contract, Node, Scenario } from "../model/scenario.ts";
import { parties } from "./parties.ts";

const crashesAtS = [10, 20, 30, 40];
const accounts = 50;
const balanceOfEach = 1000;

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

function balances(id: string, name: string): Node {
  const parameters = { versions: true, initialValue: balanceOfEach, valueMin: 0 };
  return { id, kind: "store", name, parameters };
}

/** Transfers between two stores, of which the sum stays what it is. */
export const moneyTransfer: Scenario = {
  format: "spillway",
  version: 1,
  id: "money-transfer",
  title: "Money transfer: the sum stays what it is",
  description:
    "Fifty accounts with 1,000 each in Giro and in Savings: 100,000 in all. A transfer takes 10 from one store and tells the other by an event, which books it under the lock of its account. Savings crashes four times between booking and acknowledging. Look at the objectives: in the end the balances come to 100,000. Then switch off Idempotent of the service Savings: transfers that are delivered again are booked again, and there is money that nobody has paid in.",
  ...parties,
  seed: 4,
  load: { duration: 70_000, sourcesStopAt: 50_000 },
  nodes: [
    {
      id: "customers",
      kind: "producer",
      name: "Customers",
      parameters: { rate: 40, keyName: "account", keyChoice: "uniform", keys: accounts },
    },
    {
      id: "giro",
      kind: "service",
      name: "Giro",
      parameters: { concurrency: 10, serviceTime: { distribution: "exponential", mean: 10 } },
    },
    balances("giro-accounts", "Giro accounts"),
    { id: "rabbit", kind: "broker", technology: "rabbitmq", name: "RabbitMQ" },
    {
      id: "savings",
      kind: "service",
      name: "Savings",
      parameters: {
        concurrency: 8,
        serviceTime: { distribution: "exponential", mean: 20 },
        idempotent: true,
      },
    },
    balances("savings-accounts", "Savings accounts"),
    { id: "letters", kind: "service", name: "Letters" },
  ],
  channels: [
    { id: "transfers", broker: "rabbit", kind: "queue", name: "transfers" },
    { id: "booked", broker: "rabbit", kind: "queue", name: "booked" },
  ],
  connections: [
    { id: "order", kind: "call", from: "customers", to: "giro", contract: "transfer-money" },
    {
      id: "withdraw",
      kind: "write",
      from: "giro",
      to: "giro-accounts",
      parameters: { change: "add", amount: -10, atLeast: 0, check: "lock" },
    },
    { id: "tell", kind: "publish", from: "giro", to: "transfers", contract: "money-sent" },
    {
      id: "hear",
      kind: "consume",
      from: "transfers",
      to: "savings",
      parameters: { prefetch_count: 20, on_failure: "reject" },
    },
    {
      id: "pay-in",
      kind: "write",
      from: "savings",
      to: "savings-accounts",
      parameters: { change: "add", amount: 10, check: "lock" },
    },
    {
      id: "report",
      kind: "publish",
      from: "savings",
      to: "booked",
      contract: "transfer-booked",
      parameters: { latency: 30 },
    },
    {
      id: "read-booked",
      kind: "consume",
      from: "booked",
      to: "letters",
      parameters: { prefetch_count: 100, on_failure: "reject" },
    },
  ],
  contracts: [
    contract("transfer-money", "TransferMoney", "Somebody moves money to the savings account."),
    contract("money-sent", "MoneySent", "An amount has left a giro account."),
    contract("transfer-booked", "TransferBooked", "An amount has come to a savings account."),
  ],
  timeline: crashesAtS.map((at) => ({
    at: at * 1000,
    act: "crash",
    target: "savings",
    duration: 1000,
  })),
  objectives: [
    {
      id: "nothing-made",
      title: "No money is made",
      of: "run",
      measure: "consistency.value",
      is: "at most",
      value: 2 * accounts * balanceOfEach,
    },
    {
      id: "nothing-lost",
      title: "No money is lost",
      of: "run",
      measure: "consistency.value",
      is: "at least",
      value: 2 * accounts * balanceOfEach,
    },
  ],
  layout: {
    customers: { x: 0, y: 80 },
    giro: { x: 304, y: 80 },
    "giro-accounts": { x: 304, y: 272 },
    rabbit: { x: 624, y: 80 },
    savings: { x: 976, y: 80 },
    "savings-accounts": { x: 976, y: 272 },
    letters: { x: 1296, y: 80 },
  },
};
