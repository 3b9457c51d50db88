// The worker in which the official AsyncAPI parser works. It makes code from text while it runs ('unsafe-eval'), which the
// page itself forbids: a policy for this one file is enough.

import "./processShim.ts";
import { expose } from "comlink";
import { officialVerdict } from "../imports/officialVerdict.ts";
import type { AsyncapiVerdictApi } from "./api.ts";

const api: AsyncapiVerdictApi = {
  judge: async (questions, tell) => {
    const findings = [];
    for (const [index, question] of questions.entries()) {
      findings.push(...(await officialVerdict(question)));
      tell(index + 1);
    }
    return findings;
  },
};

expose(api);
