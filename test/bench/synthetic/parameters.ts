import type { SyntheticParameters } from './library.ts';

/**
 * Fitted by synthetic/fit.ts to the faces of scanned development albums, with the pretrained head:
 * press photos (the development half of LFW: 6,497 faces of 2,913 people, people with four faces or
 * more for what differs within a person) and family photos over decades (FIW: 3,735 faces of 737
 * people of some 150 families).
 */

/** Of the press photos: 86 of 192 axes hold 99 %, and in effect some 39 are independent. */
const axes = [
  0.227, 0.204, 0.203, 0.199, 0.196, 0.191, 0.185, 0.185, 0.184, 0.181, 0.175, 0.17, 0.162, 0.161,
  0.151, 0.15, 0.15, 0.146, 0.145, 0.143, 0.143, 0.137, 0.132, 0.128, 0.125, 0.124, 0.121, 0.12,
  0.118, 0.116, 0.113, 0.112, 0.108, 0.107, 0.106, 0.106, 0.104, 0.104, 0.104, 0.094, 0.094, 0.093,
  0.089, 0.084, 0.082, 0.07, 0.07, 0.07, 0.065, 0.064, 0.064, 0.06, 0.06, 0.059, 0.053, 0.046,
  0.046, 0.045, 0.044, 0.038, 0.037, 0.036, 0.033, 0.031, 0.031, 0.029, 0.027, 0.027, 0.021, 0.021,
  0.02, 0.019, 0.019, 0.018, 0.017, 0.01, 0.006, 0.004, 0.003, 0.003, 0.002, 0.002, 0.001, 0.001,
  0.001, 0.0,
];

/** Press photos: most people are seen once. */
export const pressLibrary: SyntheticParameters = {
  embedding: {
    axes,
    strangers: 0.02,
    // Nobody is kin.
    kin: { mean: 0.02, deviation: 0 },
    modes: { concentration: 0.223, spread: 0.341 },
    noise: { median: 0.537, deviation: 0.327, perQuality: 0.322 },
    quality: [0.14, 0.55, 0.65, 0.72, 0.78, 0.83, 0.89, 0.94, 1],
  },
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
    modes: { concentration: 0.2, spread: 0.354 },
    noise: { median: 0.668, deviation: 0.503, perQuality: 0.839 },
    quality: [0.13, 0.5, 0.6, 0.68, 0.75, 0.81, 0.87, 0.93, 1],
  },
  people: { exponent: 1.6, largestShare: 0.02, familySize: 2.5 },
  photos: { facesPerPhoto: 1.72, familyShare: 0.5 },
};
