import { providerTuning } from '../../core/tuning.ts';
import type { ProviderName, ProviderOutcome } from '../protocol.ts';
import type { Measurement } from './measure.ts';
import { providerTitles } from './order.ts';

/** What came of trying a provider out. */
export type TrialResult =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  /** It did not load or run; the message is the runtime's. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'crashed'; readonly how: string }
  | { readonly kind: 'too-slow'; readonly milliseconds: number };

/** Whether a provider is used, and why in words for the user. */
export function judge(
  provider: ProviderName,
  result: TrialResult,
  acceptSlowProvider: boolean,
): ProviderOutcome {
  const title = providerTitles[provider];
  const without = { provider, cosineToCpu: null, millisecondsPerFace: null };
  const nothing = { ...without, cpuMillisecondsPerFace: null };
  switch (result.kind) {
    case 'failed':
      return { ...nothing, status: 'unavailable', reason: failureReason(provider, result.message) };
    case 'crashed':
      return { ...nothing, status: 'rejected', reason: `${title} crashed (${result.how}).` };
    case 'too-slow': {
      const seconds = Math.round(result.milliseconds / 1000);
      return {
        ...nothing,
        status: 'rejected',
        reason: `${title} took more than ${seconds} s to start.`,
      };
    }
    case 'measured':
      return judgeMeasurement(provider, result.measurement, acceptSlowProvider);
  }
}

function judgeMeasurement(
  provider: ProviderName,
  measurement: Measurement,
  acceptSlowProvider: boolean,
): ProviderOutcome {
  const { cosineToCpu, millisecondsPerFace, cpuMillisecondsPerFace } = measurement;
  const title = providerTitles[provider];
  const figures = { provider, ...measurement };
  const speeds = `${milliseconds(millisecondsPerFace)} a face, the CPU ${milliseconds(cpuMillisecondsPerFace)}`;
  // Written so that NaN is rejected too.
  if (!(cosineToCpu >= providerTuning.minCosine)) {
    return {
      ...figures,
      status: 'rejected',
      reason:
        `${title} computes something else than the CPU: cosine similarity ` +
        `${cosineToCpu.toFixed(4)}, at least ${providerTuning.minCosine} is needed.`,
    };
  }
  if (!(millisecondsPerFace < cpuMillisecondsPerFace)) {
    return acceptSlowProvider
      ? {
          ...figures,
          status: 'used',
          reason: `${title} is slower than the CPU, yet kept as asked: it takes ${speeds}.`,
        }
      : {
          ...figures,
          status: 'rejected',
          reason: `${title} is slower than the CPU: it takes ${speeds}.`,
        };
  }
  return {
    ...figures,
    status: 'used',
    reason: `${title} agrees with the CPU and is faster: it takes ${speeds}.`,
  };
}

function milliseconds(value: number): string {
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
}

const HINTS: Partial<Readonly<Record<ProviderName, string>>> = {
  cuda: ' It needs an NVIDIA graphics card, CUDA 12 and ONNX Runtime’s CUDA libraries.',
  webgpu: ' It needs a graphics card with a driver for Vulkan, Direct3D 12 or Metal.',
};

function failureReason(provider: ProviderName, message: string): string {
  const title = providerTitles[provider];
  // The runtime starts with its source file and signature; the last sentence is the cause.
  const cause =
    message
      .trim()
      .split('\n')[0]
      ?.replace(/^\/\S+:\d+ .* was false\. /, '') ?? '';
  return `${title} is not to be had: ${cause.replace(/\.?$/, '.')}${HINTS[provider] ?? ''}`;
}
