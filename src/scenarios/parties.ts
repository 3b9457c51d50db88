// Who stands behind the ready-made scenarios. Linters of AsyncAPI ask for a name, an address and an e-mail address; the
// project has neither of these, so that they are such as are reserved for examples and lead nowhere (RFC 2606).

import type { Scenario } from "../model/scenario.ts";

/** Contact and licence of every ready-made scenario. */
export const parties: Required<Pick<Scenario, "contact" | "licence">> = {
  contact: {
    name: "Spillway contributors",
    url: "https://spillway.example.com",
    email: "contributors@spillway.example.com",
  },
  licence: { name: "MIT", url: "https://opensource.org/license/mit" },
};
