// Links of every released version of the format, word for word. A link that somebody sent years ago must still open:
// never edit or remove one of these strings; when the format changes, add new ones beside them.

import { expect, test } from "vitest";
import type { Scenario } from "../model/scenario.ts";
import { decodeLink } from "./codec.ts";

function open(link: string): Scenario {
  const decoded = decodeLink(link);
  if (!decoded.ok) throw new Error(decoded.failure.map(({ message }) => message).join(" "));
  return decoded.value;
}

/** Codec 1, document 1. */
const first = {
  unicode: [
    "#spillway1-d1.ZVS7bhNBFP2V1dRryzaOSNxBSwEoiCZJMR6P7cGzM8s8kliRJToqKiQqJFp6Wjr-hCI1n8C5M_",
    "uK7Wa993HuuY-zD2xtXcUDWzBfK63v-J6V7FY6r6xhi2nJ1Ip8vKq1hCeogOeCvZQ-SK2j2UhT_P30tXj89fPx2-",
    "fi348v3xG2kl44VYcEwt5GG6QvrlnBzapYcrHzmvstma7JdG20MtKPkeilRL35rGTacvx7YKvoeMZ5NsEPITY6If",
    "1lsPUL8J6R9VAyY1GULa4eGsZbWwPP8IroXua3nTLkq51dRSEdLDV3iAjol2qhEqJnk8OhbGB2fL3jfebS2V3KC1",
    "JsjdV2s--C-hwVxFaaPstLd6sEje9pucb-ThFHdKp8cGoZm6nJ-9oaaYLiGpmV5LSPM1Bj96MgeUUpTXuv_vxGRa",
    "LFNzQDBsrT0kSty-CivOn7CUrsZPADbsE6yQ43JRNbbozUgxlatyKm3RS792YMJ-PBSpTIYBZYgjo52smoA1k7ix",
    "7aRQU7LNAuKi618lsYgBccF3SnKWhUay5wKl1jOXXUz76B7yBTgZPVANdHNHe8vFE_qAaoT01IJ4O8cwrH0_SeuB",
    "5PsuXczfM1Wd-0xjbtfSs-Nh1PxhMSBQpXnPYd9nVaxPIDhkv35GwtXVB0-blUF0O3ZDZoDHwDTqj3mFgt0xFXyq",
    "gqojk6eObkx6gcye-KkHA06CXgNkmcqRX6TJxBbePp7IxuzW0kLaSfTF6QcBA3fQQ65ZJGacIEcJFE3CU368-ZHq",
    "aBSGBJisQHiesIDvMJccrdq9uh3NfcU6pdP-ED0fiI814wDRwj9uP64gJ2hUyQKSqbshp0tEbwmu9tBBvok7jheY",
    "8JlQxKP6cPTb75bJ7Nh46mbnbNzweu9lqy6_mscyU12zuTmiVVZ32kzf0HAr0TaA",
  ].join(""),
  everything: [
    "#spillway1-d1.rVZNjts2FL6Kyhm0QGDZnpkWBbwpgq4KFEmBot0UQUFJlM2YEjUUZY9huMgFuu4mRW_RC-QmOU",
    "GP0O-R-qHkSTwBMpsxH9_73v8nHlmuTcEtW7G6kkrt-YHN2E6YWuqSrW5mTGa44_vtnpsMV1ZaJSB57iWr6P2bt1",
    "yp92_-xmUtBLRhpDTHjyPLGsOtR1ri7zRjpc5EzVa_HT1wvdEVDEteEOjP_rSVJd1VRmdNKgwkD7HlazJjnM2OLG",
    "GrslHq9OqEg8PZDiA_6vUqKrgso6ubASwxeuugrEg3pVZ6fSAznm-BeBmfLBF4amTl82EHUa-iZ6V-Fn0Z_UHal3",
    "wZniTSFvdPSkfadCPKAbIWZidT8RTbBG2U5fox24ob1Miiu9Qcbq0oKovfdzOW8HSr85ytbr-hNl30IjOMQV_zFz",
    "rR2eGrOhp8fXrgSmRrV7bO1GrzUcNXM5ZueFkKFUyUNhnlh4x8F_xstJBWVzJlvcdKmNiINTW0T8Xbz49efnoakM",
    "6yODE8xWj3QPyYROnpu-yKcngChtiJEs3o7f158e7fPMcPJdNNiBPUSTxQFdYiyEshlCy-b0Qzch4YdXfjkXiIM8",
    "GzWAmMhol74BVmHwt96h2444Voptj2UBFSzkvd2ABrbfhOHDy7fDhS12yNXqe0fxMGifum50YXA61YHQ5ERytNom",
    "RNxQSeRdOI_JxS7OsWtNWZxsM2tvA9pHNwtqzArRv0cLrOcd_iFmewdED99adH2nlIeZnSOnwGFx4KS4lLnqOLtI",
    "Ej72iJo8KcS9VgVQMKKrNOqY-kd-0CmYxox5z0bzo4BvMCQvt9K4hGXQTzLv-xy3YsW4ftybkLhyz0NV2ZgTxbkE",
    "mcDuyMYT_Y8DO4STvOkfAtHTcD22TC3W5NsKMtW7bIA5RDnpLp3kjbb5HDnnLm0LCWgF6S9KdOOP76PY_SBvxcCB",
    "NteB05AIHXwF307q_ov3_-fBsk8Wv3mmA389v5kt4JqEHBqbfX3U-2sbZaLRava13GXjjXZr3IDGYvXn678LIrWF",
    "-7mEm_hoF44EWlxDzVxSLMY05IVA1POzp5Deqg2TIatG8lvUKQPj6BITtxY9wLqJdfG4GPIrtaZCKXpXTks_gBtz",
    "R7eM2gqIGWO0OOAcawhzckxWKK_QaFCi4eS6NN3yUAM6_Zh1hb4_uMiHijQi8Zt3wWIYiIR5DAE1YYgQIkCJ8MXA",
    "YDZlsd6L3oMsL2bzRRscupr2PrHZhjlhzRRThAUXjx2EgsJyPhHYFquo65x5XjGvESWWJojbhvJOaN1BACnhDWNA",
    "Iq0hWqQKZFg_zugijbPeqD-747n8d0u7z9Ol7S4zEY1G4OrlHJetFbuyMptJKzmg5PZq_xxah2TdnUYcl-6c7nUY",
    "2qNEWIrdbT3OZGVIqG-SIWKmdlIcAfVHkqtYtd7txTHWfFD_TRJt3_AVPl8l8",
  ].join(""),
  small: [
    "#spillway1-d1.jVTLbuMwDPyVhc5ukCywAZprP2D3sOil6IGR5US1LBqSnNYI_O8dyQ85TQ_NyRpphuSQzFVU7B",
    "oK4iB8q415p14U4qKc12zFYVcIXeIuKB-ABx2MwvH_ePRK4RJvDBM-rqLsHIVE3G_xGwphuVReHF6uo440Wtngwb",
    "XURKWnBai1jS9ax2UnlRNDMXGOjmuclxfLOSh5tmz41AOtqaopk1rqGwhnllfuoqUC0JJD7IASY8qSreycU1ZC5f",
    "eQo5Kt79nLtVHlaZ2UD-xw_VoIeSZrlVkVza6MwYo58_uSArda3qWGEwyHnTjth6TNkJYTNMu3hlJdlePmxuLA6-",
    "Czv93RaH8GALHgSMbWp0cPSajMNQaqV7qLUJK98xdqvkNLFzZ8cKcVPzOSwK2_koy5TWmkP0hyq4yOzJH0veLXlr",
    "w7HWJ8qmAo7Lqt8nXyM8X72qz50TKmfyP6bwZn2vO8JmK32W62cSPkWTUUmxf6NhL5-IaGiTxX67ryFiTwacR-oJ",
    "6GIehGGW3BR-5xg3dx54BHrWhh9mey1FFqfN7SP3FJITVmqS_rVa0o7ThXeRIaRb7DmMNrCnFjNu3jI3ANGjL41X",
    "CiXMh0eATxqG2o5w7hsWrTZOLzQxyQKTYu_kfMeY74bj_fDMMnKosQGg",
  ].join(""),
} as const;

test("the first version with unicode, extensions and a timeline", () => {
  const scenario = open(first.unicode);
  expect(scenario).toMatchObject({
    title: "Bestellungen – 注文 🍜",
    description: 'Quotes " and backslashes \\ and\nlines.',
    seed: 42,
    load: { duration: 30_000, sourcesStopAt: 20_000 },
    "x-owner": "team-ordering",
    layout: { kitchen: { x: 480, y: 80 } },
  });
  expect(scenario.nodes[2]).toMatchObject({
    "x-team": { name: "Küche", tags: ["a", 1, null, true] },
  });
  expect(scenario.timeline).toEqual([
    { at: 5000.125, act: "crash", target: "kitchen", duration: 2000 },
    { at: 9000, act: "set", target: "shop", parameter: "rate", value: 40 },
  ]);
});

test("the first version with both technologies, bindings and odd names", () => {
  const scenario = open(first.everything);
  expect(scenario.channels.map(({ id, name }) => name ?? id)).toEqual([
    "orders",
    "orders.{region}",
    "a{b c}?d#e",
    "events/öffentlich",
    "placed-queue",
    "dead",
    "graveyard",
  ]);
  expect(scenario.connections).toHaveLength(9);
  expect(scenario.contracts[0]?.schema).toMatchObject({
    $id: "https://example.com/order-placed.json",
  });
  expect(scenario.nodes[0]).toMatchObject({ "x-tags": ["a", { b: null }] });
});

test("the first version with a call", () => {
  const scenario = open(first.small);
  expect(scenario.connections.map(({ kind }) => kind).toSorted()).toEqual([
    "call",
    "consume",
    "publish",
    "write",
  ]);
});
