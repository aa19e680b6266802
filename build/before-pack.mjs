/**
 * Refuses to package for another platform or processor than npm installed for: sharp brings one
 * binary and hnswlib-node compiles one, so the package would start and then find no photo.
 */
export default function beforePack({ electronPlatformName, arch }) {
  const arches = ['ia32', 'x64', 'armv7l', 'arm64', 'universal'];
  const wanted = `${electronPlatformName}-${arches[arch]}`;
  const here = `${process.platform}-${process.arch}`;
  if (wanted !== here) {
    throw new Error(`A package for ${wanted} is built on ${wanted}; this is ${here}.`);
  }
}
