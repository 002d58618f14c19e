/** Between protobuf structs and plain values. */

import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ValueMap } from "./values.ts";

export function plain(message: Struct | undefined): ValueMap {
  return (message?.toJavaScript() ?? {}) as ValueMap;
}

export function wired(values: ValueMap): Struct {
  return struct.Struct.fromJavaScript(values as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}
