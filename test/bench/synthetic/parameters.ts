import type { SyntheticParameters } from './library.ts';

/**
 * Fitted by synthetic/fit.ts to the faces of scanned development albums, with the pretrained head:
 * press photos (the development half of LFW: 6,497 faces of 2,913 people, people with four faces or
 * more for what differs within a person) and family photos over decades (FIW: 3,735 faces of 737
 * people of some 150 families).
 */

/** Of the press photos, in the dimensions that the head fills; in effect some 39 are independent. */
const axes = [
  0.228, 0.226, 0.218, 0.212, 0.185, 0.179, 0.178, 0.173, 0.172, 0.172, 0.171, 0.164, 0.163, 0.157,
  0.155, 0.151, 0.15, 0.142, 0.132, 0.127, 0.127, 0.126, 0.125, 0.122, 0.121, 0.12, 0.119, 0.117,
  0.116, 0.116, 0.116, 0.111, 0.109, 0.109, 0.109, 0.108, 0.108, 0.105, 0.104, 0.103, 0.1, 0.1,
  0.099, 0.098, 0.093, 0.093, 0.09, 0.09, 0.087, 0.087, 0.087, 0.083, 0.08, 0.074, 0.065, 0.049,
  0.04, 0.013, 0.006,
];

/** Press photos: most people are seen once. */
export const pressLibrary: SyntheticParameters = {
  embedding: {
    axes,
    strangers: 0.02,
    // Nobody is kin.
    kin: { mean: 0.02, deviation: 0 },
    modes: { concentration: 0.188, spread: 0.313 },
    noise: { median: 0.533, deviation: 0.333, perQuality: 0.404 },
    quality: [0.14, 0.55, 0.65, 0.72, 0.78, 0.83, 0.89, 0.94, 1],
  },
  unclearShare: 0.021,
  people: { exponent: 2.31, largestShare: 0.0222, familySize: 1 },
  // Fewer than on whole press photos (FDDB: 1.72), since LFW's are cut around one face.
  photos: { facesPerPhoto: 1.16, familyShare: 0 },
};

/**
 * A family's own library: kin who look alike, ages, unclear faces. What differs within a person and
 * between kin is that of the family photos; how often people are seen lies between theirs (0.93, made
 * for research) and that of press photos, which is a guess, as is who is photographed with whom;
 * faces in a photo are those of whole press photos (FDDB).
 */
export const homeLibrary: SyntheticParameters = {
  embedding: {
    axes,
    strangers: 0.02,
    kin: { mean: 0.283, deviation: 0.165 },
    modes: { concentration: 0.2, spread: 0.358 },
    noise: { median: 0.661, deviation: 0.496, perQuality: 0.83 },
    quality: [0.13, 0.5, 0.6, 0.68, 0.75, 0.81, 0.87, 0.93, 1],
  },
  unclearShare: 0.008,
  people: { exponent: 1.6, largestShare: 0.02, familySize: 2.5 },
  photos: { facesPerPhoto: 1.72, familyShare: 0.5 },
};

/**
 * The same, but faces of one person differ most where people differ least, as if something else in
 * the photos did it: an own head can learn to look past that. In the others there is nothing to learn,
 * since people and their faces differ alike.
 */
export const learnableLibrary: SyntheticParameters = {
  ...homeLibrary,
  embedding: {
    ...homeLibrary.embedding,
    noise: { ...homeLibrary.embedding.noise, axes: axes.toReversed() },
  },
};
