// Chance and time stand still, so that the same files give the same memory, byte by byte: imported before Python starts.
import crypto from "node:crypto";

const fill = (view) => (new Uint8Array(view.buffer, view.byteOffset, view.byteLength).fill(7), view);
crypto.randomFillSync = fill;
globalThis.crypto.getRandomValues = fill;
Date.now = () => Date.UTC(2000, 0, 1);
performance.now = () => 0;
