import type { ProviderName } from '../protocol.ts';

/**
 * Providers to try, the likeliest fastest first; the CPU, which always works, is last. CUDA is
 * tried where the setting asks for it or NVIDIA's driver may be there.
 */
export function candidateProviders(
  wanted: ProviderName | 'auto',
  platform: NodeJS.Platform,
): readonly ProviderName[] {
  if (wanted === 'cpu') return ['cpu'];
  if (wanted !== 'auto') return [wanted, 'cpu'];
  switch (platform) {
    case 'win32':
      return ['cuda', 'directml', 'webgpu', 'cpu'];
    case 'darwin':
      return ['coreml', 'webgpu', 'cpu'];
    default:
      return ['cuda', 'webgpu', 'cpu'];
  }
}

/** As the user knows them. */
export const providerTitles: Readonly<Record<ProviderName, string>> = {
  cuda: 'CUDA',
  directml: 'DirectML',
  coreml: 'Core ML',
  webgpu: 'WebGPU',
  cpu: 'The CPU',
};
