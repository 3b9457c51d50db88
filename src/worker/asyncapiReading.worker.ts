// The worker that reads AsyncAPI files and draws them. Small; the official parser works in another one beside it.

import { expose } from "comlink";
import { fetchDocument } from "../imports/fetchDocument.ts";
import { importAsyncapi } from "../imports/importAsyncapi.ts";
import { unpack } from "../imports/unpack.ts";
import type { AsyncapiReadingApi } from "./api.ts";

const api: AsyncapiReadingApi = {
  read: (files) => Promise.resolve(importAsyncapi(unpack(files))),
  fetchFile: async (url) => fetchDocument(url, fetch),
};

expose(api);
