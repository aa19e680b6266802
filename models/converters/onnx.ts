import protobuf from 'protobufjs';

/**
 * The part of ONNX's `onnx.proto3` that Kith's models use. Field numbers are the standard's;
 * what is not listed (training, sparse tensors, functions) is not read and not written.
 */
const SCHEMA = `
syntax = "proto3";
message ModelProto {
  int64 ir_version = 1;
  string producer_name = 2;
  GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message GraphProto {
  repeated NodeProto node = 1;
  string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  string name = 3;
  string op_type = 4;
  repeated AttributeProto attribute = 5;
}
message AttributeProto {
  string name = 1;
  float f = 2;
  int64 i = 3;
  bytes s = 4;
  TensorProto t = 5;
  repeated float floats = 7;
  repeated int64 ints = 8;
  repeated bytes strings = 9;
  int32 type = 20;
}
message TensorProto {
  repeated int64 dims = 1;
  int32 data_type = 2;
  repeated float float_data = 4;
  repeated int32 int32_data = 5;
  repeated int64 int64_data = 7;
  string name = 8;
  bytes raw_data = 9;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  Tensor tensor_type = 1;
}
message TensorShapeProto {
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
  repeated Dimension dim = 1;
}
`;

const root = protobuf.parse(SCHEMA, { keepCase: true }).root;
const ModelProto = root.lookupType('ModelProto');

export interface OnnxModel {
  ir_version: number;
  producer_name: string;
  opset_import: { domain: string; version: number }[];
  graph: OnnxGraph;
}

export interface OnnxGraph {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValue[];
  output: OnnxValue[];
}

export interface OnnxNode {
  name: string;
  op_type: string;
  input: string[];
  output: string[];
  attribute: OnnxAttribute[];
}

export interface OnnxAttribute {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: OnnxTensor;
  floats?: number[];
  ints?: number[];
  strings?: Uint8Array[];
}

export interface OnnxTensor {
  name: string;
  dims: number[];
  data_type: number;
  raw_data?: Uint8Array;
  float_data?: number[];
  int32_data?: number[];
  int64_data?: number[];
}

export interface OnnxValue {
  name: string;
  type: { tensor_type: { elem_type: number; shape: { dim: OnnxDimension[] } } };
}

export type OnnxDimension = { dim_value: number } | { dim_param: string };

/** A fixed length, or the name of one that is free. */
export type Dimension = number | string;

const FLOAT = 1;
const INT64 = 7;

/** @throws Error when the bytes are no ONNX model. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const model = ModelProto.toObject(ModelProto.decode(bytes), {
    longs: Number,
    arrays: true,
  }) as OnnxModel;
  if ((model.graph as OnnxGraph | undefined) === undefined) {
    throw new Error('Not an ONNX model: it has no graph.');
  }
  return model;
}

/** The same model gives the same bytes on every machine. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return ModelProto.encode(ModelProto.fromObject(model)).finish();
}

/** A model of Kith's own making: opset 13, the lowest that has all operators used in one form. */
export function newModel(name: string, graph: Omit<OnnxGraph, 'name'>): OnnxModel {
  return {
    ir_version: 7,
    producer_name: 'kith',
    opset_import: [{ domain: '', version: 13 }],
    graph: { name, ...graph },
  };
}

export function floatTensor(
  name: string,
  dims: readonly number[],
  values: ArrayLike<number>,
): OnnxTensor {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i += 1) view.setFloat32(i * 4, values[i] ?? 0, true);
  return { name, dims: [...dims], data_type: FLOAT, raw_data: bytes };
}

export function integerTensor(name: string, values: readonly number[]): OnnxTensor {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setBigInt64(i * 8, BigInt(value), true));
  return { name, dims: [values.length], data_type: INT64, raw_data: bytes };
}

export function floatValue(name: string, dims: readonly Dimension[]): OnnxValue {
  const dim = dims.map((d) => (typeof d === 'number' ? { dim_value: d } : { dim_param: d }));
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
}

const ATTRIBUTE_TYPES = { int: 2, string: 3, ints: 7 } as const;

/** One node; attributes are whole numbers, lists of them, or texts. */
export function newNode(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | string | readonly number[]>> = {},
): OnnxNode {
  return {
    name: output,
    op_type: operator,
    input: [...inputs],
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => {
      if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPES.int, i: value };
      if (typeof value === 'string') {
        return { name, type: ATTRIBUTE_TYPES.string, s: new TextEncoder().encode(value) };
      }
      return { name, type: ATTRIBUTE_TYPES.ints, ints: [...value] };
    }),
  };
}
