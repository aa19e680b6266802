import { bytes, count, duration, rate } from './logic/format.ts';

function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const faces = (value: number) => plural(value, 'face', 'faces');
const photos = (value: number) => plural(value, 'photo', 'photos');
const people = (value: number) => plural(value, 'person', 'people');

/** Every word that the user reads, in one place. */
export const strings = {
  app: 'Kith',
  faces,
  photos,
  people,
  count,
  bytes,

  navigation: {
    label: 'Library',
    people: 'People',
    photos: 'Photos',
    aside: 'Set aside',
    review: 'Review',
    search: 'Search',
    history: 'History',
    learning: 'Learning',
    map: 'Map',
    compare: 'Who is it?',
    settings: 'Settings',
    keys: 'Keyboard',
    skip: 'Skip to content',
    back: 'Back',
  },

  link: {
    lost: 'The library is not answering. Trying again…',
    connecting: 'Opening your library…',
  },

  welcome: {
    title: 'Find everyone in your photos.',
    lead: 'Kith looks through your folders, gathers the faces that belong together, and remembers every name you give.',
    privacy: 'Everything happens on this computer.',
    privacyDetail: 'No account, no upload, no network. Your photos are only ever read.',
    choose: 'Choose a folder',
    samples: 'Try it on sample photos',
    steps: [
      ['Choose a folder', 'Also on an external drive.'],
      ['People appear', 'While Kith is still looking.'],
      ['Give names', 'One name settles many faces.'],
    ],
  },

  chooser: {
    title: 'Choose a folder with photos',
    places: 'Places',
    up: 'Up to',
    empty: 'No folders in here.',
    choose: (name: string) => `Add “${name}”`,
    cancel: 'Cancel',
    loading: 'Looking…',
    photosHere: (value: number) => `${photos(value)} in here`,
    list: (name: string) => `Folders in ${name}`,
  },

  learning: {
    title: 'Learning',
    offer: (offer: { people: number; faces: number; rejections: number }) =>
      `${people(offer.people)}, ${faces(offer.faces)}; ${plural(offer.rejections, 'rejection', 'rejections')}`,
    worthwhile: 'Your names can make Kith better at your people. Nothing you said is changed.',
    nothingYet: 'Kith learns from people you named, of several faces each. Name some more first.',
    nothingNew: 'Little is new since the last time. Name or reject more faces first.',
    start: 'Learn',
    cancel: 'Cancel',
    progress: 'Progress',
    phase: {
      trial: 'Trying it on some of your names',
      final: 'Learning from all of them',
    },
    done: 'Learnt. Groups are being made anew.',
    kept: 'Kith stays as it was: what it learnt would not have been better.',
    figures: 'On faces held back',
    before: 'before',
    after: 'after',
    accepted: 'Pairs of one person found, 1 in 1,000 wrong',
    grouped: 'Right grouping (BCubed F)',
    percent: (share: number) => `${(100 * share).toFixed(1)} %`,
    curves: 'Loss and share of active pairs by step',
    loss: 'loss',
    active: 'active',
    hardest: 'Hardest to tell apart',
    anchor: 'A face',
    positive: 'the same person',
    negative: 'someone else',
    distances: (before: number, after: number) =>
      `distance ${before.toFixed(2)} → ${after.toFixed(2)}`,
    doubts: 'Sure about these?',
    doubtsHint: 'They resemble their person least. Choose one to look at that person.',
    doubt: (name: string) => `Named ${name}`,
    heads: 'What Kith learnt',
    headName: ({ origin, madeAt }: { origin: 'kith' | 'encoder' | 'library'; madeAt: number }) => {
      if (origin === 'kith') return 'As it came';
      if (origin === 'encoder') return 'The encoder’s own';
      return new Date(madeAt).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' });
    },
    byItself: 'Learn by itself',
    byItselfHint:
      'When enough is new and nothing else is under way. You are told what came of it, and can go back.',
    worthwhileMark: 'There is something to learn',
    onMap: 'See it on the map',
    changes: {
      groups: 'Groups',
      merged: (value: number) =>
        value === 1
          ? 'One group was made of several:'
          : `${count(value)} groups were made of several:`,
      split: (value: number) =>
        value === 1 ? 'One group was taken apart:' : `${count(value)} groups were taken apart:`,
      between: { merged: 'joined with', split: 'apart from' },
      turned: 'Told right now',
      turnedCounts: (right: number, wrong: number) =>
        `${faces(right)} with a name resembled somebody else most, and now their own person` +
        (wrong === 0 ? '.' : `; ${count(wrong)} the other way round.`),
      was: (name: string, before: string) => `${name}, was like ${before}`,
      pulled: 'Pulled apart',
    },
    news: {
      learnt: (from: { people: number; faces: number }, before: number, after: number): string =>
        `Learnt from ${people(from.people)} and ${faces(from.faces)}: finds ${strings.learning.percent(before)} → ${strings.learning.percent(after)} of pairs`,
      kept: (from: { people: number; faces: number }) =>
        `Tried to learn from ${people(from.people)} and ${faces(from.faces)}, and stays as it was`,
      goBack: 'Go back',
      wentBack: 'Kith sees faces as it did before',
    },
    inUse: 'In use',
    use: 'Use this one',
  },

  map: {
    title: 'Map of faces',
    summary: (faceCount: number, persons: number, groups: number) =>
      `${faces(faceCount)} of ${people(persons)} and ${plural(groups, 'group', 'groups')} without a name. Faces that are alike lie together.`,
    making: (share: number) => `Drawing the map… ${count(Math.round(share * 100))} %`,
    howTo:
      'P goes from person to person, A selects that person’s faces. Arrows move the map, plus and minus zoom, Space selects the faces in the ring in the middle, N gives them a name.',
    legend: 'Who is on the map',
    more: (value: number) => `and ${count(value)} more`,
    nobody: 'No group',
    group: (value: number) => (value > 1 ? `Group of ${count(value)}` : 'Nobody yet'),
    dimensions: 'Dimensions',
    flatOrDeep: { 2: 'Flat', 3: 'In space' },
    lasso: 'Draw a line around faces to select them (or hold Shift)',
    fit: 'Show all',
    head: 'As Kith saw faces',
    headInUse: 'As Kith sees faces now',
    sample: (value: number) =>
      `${faces(value)} laid out by who is near them; the others lie beside those they resemble.`,
    noDrawing: 'This window cannot draw the map: WebGL is off.',
    emptyTitle: 'No faces yet',
    emptyText: 'The map shows every face that Kith finds. Add a folder with photos first.',
  },

  compare: {
    title: 'Who is it?',
    modes: { identify: 'Identify', compare: 'Compare' },
    compareLead:
      'Are two faces one person? Give photos, or select one or two faces anywhere and press V.',
    identifyLead: 'Give a photo that is not in the library: Kith says who is on it.',
    notKept: 'Nothing of it is kept.',
    dropTitle: { identify: 'Drop a photo to see who is on it', compare: 'Drop a photo' },
    dropHint: 'Up to 12 MB',
    known: (value: number) =>
      value === 1
        ? 'It is compared with the one person who has a name.'
        : `It is compared with the ${count(value)} people who have names.`,
    knowsNobody: 'Nobody has a name yet. Kith can tell who it is once you have named people.',
    choose: 'Choose a photo',
    looking: 'Looking…',
    tooLarge: 'This photo is too large. Choose one of up to 12 MB.',
    noFace: 'No face was found on this photo.',
    unknown: 'Unknown',
    unknownFaces: (value: number) =>
      value === 1 ? 'One face is unknown.' : `${faces(value)} are unknown.`,
    unknownHint: 'Nobody with a name is alike enough.',
    faceOf: (place: number) =>
      place === 1 ? 'First face' : place === 2 ? 'Second face' : `Face ${count(place)}`,
    outcome: 'Outcome',
    waiting: 'The answer appears here when there are two faces.',
    same: 'Likely one person',
    different: 'Likely two people',
    percent: (probability: number) => {
      const value = 100 * probability;
      return `${value > 99.5 ? '> 99' : value < 0.5 ? '< 1' : String(Math.round(value))} %`;
    },
    onePerson: (probability: number): string =>
      `${strings.compare.percent(probability)} one person`,
    meaning: (probability: number) =>
      `Of 100 pairs of faces as alike as these, ${String(Math.round(100 * probability))} are one person, where half of all pairs are. Siblings, and faces many years apart, are told less surely.`,
    distance: 'Squared distance, 0 to 4',
    similarity: (threshold: number) => `Cosine similarity, one person from ${threshold.toFixed(2)}`,
    button: 'Compare',
  },

  scan: {
    title: 'Scan',
    looking: 'Looking for photos',
    scanning: 'Finding faces',
    paused: 'Paused',
    grouping: 'Gathering people',
    idle: 'Up to date',
    progress: (done: number, found: number) => `${count(done)} of ${photos(found)}`,
    rate: (value: number) => `${rate(value)} photos/s`,
    left: (seconds: number) => `${duration(seconds)} left`,
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Stop',
    again: 'Scan again',
    details: 'Scan details',
    failed: (value: number) => `${count(value)} could not be read`,
    failures: 'Photos that could not be read',
    noFailures: 'Every photo could be read.',
    retry: 'Try these again',
    more: 'Show more',
    figures: {
      found: 'Found',
      done: 'Looked at',
      unchanged: 'Known already',
      faces: 'New faces',
      failed: 'Not readable',
      rate: 'Photos a second',
      left: 'Time left',
    },
    current: 'Now',
    library: { photos: 'Photos', faces: 'Faces', folders: 'Folders' },
    reason: {
      'not-found': 'Gone',
      unreadable: 'No access',
      'not-a-photo': 'Not a photo',
      damaged: 'Damaged',
      'too-large': 'Too large',
      'too-slow': 'Too slow',
      crashed: 'Crashed the decoder',
      'models-missing': 'Models missing',
    },
  },

  grid: {
    select: (label: string) => `Select ${label}`,
    selected: (value: number) => `${count(value)} selected`,
    clear: 'Clear selection',
  },

  peopleView: {
    title: 'People',
    filter: 'Filter by name',
    sort: 'Sort by',
    sortName: 'By name',
    sortCount: 'By count',
    size: 'Show groups of',
    sizes: [
      [5, '5 or more faces'],
      [3, '3 or more faces'],
      [2, '2 or more faces'],
      [1, 'Groups of any size'],
    ] as const,
    named: 'Named',
    unnamed: 'Not named yet',
    hidden: 'Hidden',
    hide: 'Hide',
    show: 'Show again',
    showHidden: (value: number) => `${count(value)} hidden`,
    summary: (named: number, groups: number) =>
      [
        ...(named > 0 ? [`${people(named)} named`] : []),
        ...(groups > 0 ? [`${plural(groups, 'group', 'groups')} to name`] : []),
      ].join(' · '),
    share: (value: number) => `${String(Math.floor(value * 100))} % of faces named`,
    who: 'Who is this?',
    hint: 'Click “Who is this?” or press N, and one name settles the whole group.',
    isThis: (name: string) => `${name}?`,
    yes: (name: string) => `Yes, this is ${name}`,
    no: (name: string) => `No, not ${name}`,
    toConfirm: (value: number) => `${count(value)} to confirm`,
    nameThis: 'Name this group',
    openGroup: (value: number) => `Group of ${faces(value)} without a name`,
    openPerson: (name: string, value: number) => `${name}, ${faces(value)}`,
    merge: 'Merge',
    nameTogether: 'Name together',
    nameTogetherHint: 'Who are they?',
    ignore: 'Ignore',
    emptyTitle: 'No people yet',
    emptyScanning: 'They appear here as Kith finds them. You can start naming right away.',
    emptyDone:
      'Kith found no faces in your folders. Add another folder, or show groups of any size.',
    noMatch: (filter: string) => `Nobody called “${filter}”`,
    noMatchHint: 'Names are matched from the start of each word.',
    clearFilter: 'Clear the filter',
    addFolder: 'Add a folder',
  },

  name: {
    label: 'Name',
    placeholder: 'Name',
    join: (name: string) => `Join ${name}`,
    mergeInto: (name: string) => `Merge with ${name}`,
    create: (name: string) => `New person “${name}”`,
    looksLike: 'Looks alike',
    suggestions: 'Names',
  },

  identity: {
    unnamed: 'Who is this?',
    rename: 'Rename',
    nameIt: 'Give a name',
    tabs: 'Show',
    tabFaces: 'Faces',
    tabPhotos: 'Photos',
    tabAges: 'By age',
    tabTogether: 'Seen with',
    togetherLabel: (name: string, photoCount: number) =>
      `${name}, together on ${photos(photoCount)}`,
    aloneTitle: 'Alone so far',
    aloneText: 'People who are on the same photos appear here once they have names.',
    age: (years: number) => (years === 0 ? 'First year' : `Age ${count(years)}`),
    unknownAge: 'Age unknown',
    unknownAgeHint: 'These photos do not tell when they were taken.',
    unknownYear: 'Date unknown',
    born: 'Born',
    bornOn: (date: string) => `Born ${date}`,
    giveBirthDate: 'Give the birth date',
    hide: 'Hide this person',
    show: 'Show this person again',
    forget: 'Delete the name, keep the faces',
    cover: 'Use as picture',
    ask: (name: string) => `Is this ${name}?`,
    expected: (precision: number) =>
      precision >= 0.995
        ? 'Kith expects all of these to be right.'
        : `Kith expects ${count(Math.round(100 * precision))} of 100 of these to be right.`,
    askHint: 'Y confirms, N rejects the face in focus.',
    confirmAll: (value: number) => `Confirm all ${count(value)}`,
    confirm: 'Confirm',
    reject: (name: string) => `Not ${name}`,
    rejectGroup: 'Not the same person',
    move: 'Move to…',
    moveHint: 'Who is it really?',
    split: 'Split out',
    different: 'Select who looks different',
    allAlike: 'All faces here look like one person',
    ignore: 'Ignore',
    ignoreGroup: 'Ignore group',
    notAFace: 'Not a face',
    confirmed: 'Confirmed',
    inGroup: 'Faces in this group',
    unconfirmedMark: 'Not confirmed yet',
    counts: (faceCount: number, photoCount: number) =>
      `${faces(faceCount)} in ${photos(photoCount)}`,
    looksLike: (name: string) => `This looks like ${name}`,
    goneTitle: 'This group has changed',
    goneText: 'Its faces found their place elsewhere while Kith was sorting.',
    goneAction: 'Back to People',
    emptyTitle: 'No faces here',
    emptyText: 'All faces of this person have been moved.',
    faceLabel: (when: string | null) => (when === null ? 'Face' : `Face, ${when}`),
    faceAsk: (name: string, when: string | null) =>
      `Is this ${name}?` + (when === null ? '' : ` ${when}`),
  },

  photosView: {
    title: 'Photos',
    emptyTitle: 'No photos yet',
    emptyText: 'Photos appear here while Kith looks through your folders.',
    missing: 'The file is not where it was',
    photoLabel: (name: string, faceCount: number) => `${name}, ${faces(faceCount)}`,
  },

  photo: {
    stage: 'Photo',
    previous: 'Previous photo',
    next: 'Next photo',
    close: 'Close',
    faces: 'Show faces',
    details: 'Details',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit to window',
    position: (at: number, total: number) => `${count(at)} of ${count(total)}`,
    who: 'Who is this?',
    unnamed: 'Unnamed',
    boxLabel: (name: string | null) => (name === null ? 'Face without a name' : `Face of ${name}`),
    boxAsk: (name: string) => `Is this ${name}?`,
    confirm: (name: string) => `Yes, ${name}`,
    reject: (name: string) => `Not ${name}`,
    ignore: 'Ignore',
    notAFace: 'Not a face',
    restore: 'Take back',
    openPerson: (name: string) => `All of ${name}`,
    ignored: 'Ignored',
    facts: {
      taken: 'Taken',
      size: 'Size',
      format: 'Format',
      file: 'File',
      where: 'Where',
      people: 'People',
      unknownTime: 'Unknown',
    },
    show: 'Show in file manager',
    missing: 'not there now',
    dimensions: (width: number, height: number) => {
      const mega = (width * height) / 1e6;
      const megapixels = mega >= 10 ? count(Math.round(mega)) : mega.toFixed(1);
      return `${count(width)} × ${count(height)}${mega < 0.1 ? '' : ` · ${megapixels} MP`}`;
    },
    goneTitle: 'This photo is not in the library any more',
    unreadable: 'This photo cannot be shown right now.',
    noPeople: 'No faces',
  },

  draw: {
    draw: 'Mark a face',
    correct: 'Correct the box',
    correctShort: 'Box…',
    drawHint: 'Draw a box around the face, or move it by the arrow keys.',
    correctHint: 'Draw the box anew, or move it by the arrow keys.',
    set: 'Set',
    cancel: 'Cancel',
  },

  aside: {
    title: 'Set aside',
    lead: 'Faces that are not among people. Nothing is deleted: bring any of them back.',
    tabs: { ignored: 'Ignored', 'not-a-face': 'Not a face', unclear: 'Unclear' },
    restore: 'Restore',
    ignore: 'Ignore',
    notAFace: 'Not a face',
    empty: {
      ignored: {
        title: 'Nobody ignored',
        text: 'Press I on a passer-by, a statue or a poster, and they wait here.',
      },
      'not-a-face': {
        title: 'Nothing here',
        text: 'When Kith takes something else for a face, say so, and it lands here.',
      },
      unclear: {
        title: 'Every face is clear',
        text: 'Faces too small or too blurred to tell wait here. Press N to name one, or open it in its photo.',
      },
    },
  },

  review: {
    title: 'Review',
    progress: (named: number, goal: number) =>
      named >= goal
        ? `${count(named)} % of faces named: enough to stop, if you like`
        : `${count(named)} % of faces named, of ${count(goal)} % to reach`,
    who: 'Who is this?',
    isPerson: (name: string) => `Is this ${name}?`,
    confirm: (name: string) => `Are these all ${name}?`,
    same: (a: string, b: string) => `Are ${a} and ${b} one person?`,
    split: 'These look like two people: split?',
    settles: (value: number) => `Settles ${faces(value)}`,
    exceptHint: 'Click a face that is somebody else, or go there by arrows and press Space',
    excepted: (value: number) => `${count(value)} picked out`,
    exception: (place: number) => `Face ${count(place)} is somebody else`,
    exceptionHint: 'Somebody else',
    more: (value: number) => `+${count(value)}`,
    asked: 'In question',
    these: 'These',
    others: 'The others',
    answers: 'Answers',
    yes: 'Yes',
    no: 'No',
    other: 'Somebody else…',
    name: 'Name',
    giveName: 'Give a name',
    ignore: 'Ignore',
    unsure: 'Not sure',
    skip: 'Skip',
    stepBack: 'Back',
    why: 'Why?',
    alike: 'Most alike',
    similarity: (cosine: number) => `${cosine.toFixed(2)} alike`,
    emptyTitle: 'Nothing to ask',
    emptyText: 'Every face that can be told is settled. New photos bring new questions.',
  },

  search: {
    title: 'Search',
    found: (value: number) => (value === 1 ? '1 photo found' : `${count(value)} photos found`),
    clear: 'Clear the search',
    addPerson: 'Add a person',
    who: 'Who?',
    unknown: 'Nobody',
    roles: { all: 'with', any: 'or', none: 'without' },
    changeRole: 'With, or, without: Enter changes it; A, O, X set it; Del removes it',
    remove: (name: string) => `Remove ${name}`,
    company: 'Company',
    companies: { any: 'Any company', alone: 'Nobody else', together: 'With others' },
    /** As long as nobody is asked for. */
    numbers: { any: 'All photos', alone: 'One person', together: 'Several people' },
    from: 'From year',
    to: 'to',
    folder: 'Folder',
    allFolders: 'All folders',
    nothing: 'No photo is like that',
    nothingHint: 'Leave a condition out, or change “with” to “or”.',
  },

  history: {
    title: 'History',
    lead: 'Everything you said, newest first. Take back any of it, whatever came after.',
    takeBack: 'Take back',
    undone: 'Taken back',
    buildOn: (value: number) =>
      value === 1
        ? 'A later action builds on this. Take it back first:'
        : `${count(value)} later actions build on this. Take them back first:`,
    more: 'Show more',
    emptyTitle: 'Nothing said yet',
    emptyText: 'Every name you give is listed here, and can be taken back at any time.',
  },

  settings: {
    title: 'Settings',
    folders: 'Folders',
    foldersHint: 'Kith reads these and never changes a file in them.',
    add: 'Add folder',
    rescan: 'Scan again',
    remove: 'Remove',
    removeAsk: 'Remove this folder? Its names are kept and come back with it.',
    removeYes: 'Remove',
    removeNo: 'Keep',
    status: { waiting: 'Waiting', scanning: 'Scanning', done: 'Up to date', offline: 'Offline' },
    offlineHint: 'Connect its drive, and Kith goes on.',
    folderCounts: (photoCount: number, faceCount: number) =>
      `${photos(photoCount)}, ${faces(faceCount)}`,
    folderFailed: (value: number) => `${count(value)} not readable`,
    folderMissing: (value: number) => `${count(value)} missing`,
    appearance: 'Appearance',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    speed: 'Speed',
    gentle: 'Gentle',
    gentleHint: 'Scan in the background and leave the computer to you.',
    processes: 'Photos side by side',
    processesHint: 'More is faster and takes more memory.',
    processesAuto: 'One for each core',
    provider: 'Processor for finding faces',
    providerHint:
      'Kith uses a graphics processor only after it gave the same results as the main processor, and faster.',
    providers: {
      auto: 'Choose for me',
      cuda: 'NVIDIA CUDA',
      directml: 'DirectML',
      coreml: 'Apple CoreML',
      webgpu: 'WebGPU',
      cpu: 'Main processor',
    },
    providerStatus: {
      used: 'In use',
      available: 'Available',
      rejected: 'Not used',
      unavailable: 'Not on this computer',
    },
    perFace: (milliseconds: number) => `${milliseconds.toPrecision(2)} ms a face`,
    agreement: (cosine: number) => `agreement ${cosine.toFixed(4)}`,
    about: 'About',
    version: (version: string) => `Kith ${version}`,
    private: 'Everything stays on this computer.',
  },

  sureness: {
    title: 'How sure Kith must be to group faces',
    lower: 'Fewer, larger groups',
    higher: 'More, purer groups',
    value: (sureness: number) => `${count(Math.round(sureness * 100))} %`,
    preview: (groups: number, faceCount: number) =>
      `${plural(groups, 'group', 'groups')} of ${faces(faceCount)} that are alike`,
    change: (groups: number) =>
      groups === 0
        ? '· as many groups as now'
        : `· ${count(Math.abs(groups))} ${groups > 0 ? 'more' : 'fewer'} than now`,
  },

  labelFile: {
    title: 'Names and labels',
    hint: 'Everything you said, in one file that fits the same photos anywhere. Restoring is one action that can be undone.',
    save: 'Export',
    restore: 'Restore',
    fileName: (date: string) => `kith-labels-${date}.json`,
    tooLarge: 'This file is too large for here. Use “kith labels import” on the command line.',
    notLabels: 'This file does not hold labels of Kith.',
    restored: (what: string | null, missing: number) =>
      `${what ?? ''}. ${faces(missing)} of it are on photos that are not in the library`,
  },

  storage: {
    title: 'Storage used',
    parts: {
      library: 'Names and faces',
      crops: 'Pictures of faces',
      index: 'Look-up of similar faces',
      previews: 'Previews',
    },
  },

  undo: {
    undo: 'Undo',
    redo: 'Redo',
    nothingToUndo: 'Nothing to undo',
    nothingToRedo: 'Nothing to redo',
    undone: (what: string) => `Undone: ${what}`,
    redone: (what: string) => `Done again: ${what}`,
    dismiss: 'Dismiss',
    region: 'Messages',
  },

  keys: {
    title: 'Keyboard',
    close: 'Close',
    groups: [
      [
        'Anywhere',
        [
          [['G', 'P'], 'People'],
          [['G', 'R'], 'Review'],
          [['G', 'O'], 'Photos'],
          [['G', 'F'], 'Search'],
          [['/'], 'Search; in People: filter by name'],
          [['G', 'A'], 'Set aside'],
          [['G', 'H'], 'History'],
          [['G', 'L'], 'Learning'],
          [['G', 'E'], 'Map of faces'],
          [['G', 'I'], 'Identify who is on a photo'],
          [['G', 'C'], 'Compare two faces'],
          [['G', 'S'], 'Settings'],
          [['Ctrl', 'Z'], 'Undo'],
          [['Ctrl', 'Shift', 'Z'], 'Redo'],
          [['?'], 'This list'],
        ],
      ],
      [
        'In a grid',
        [
          [['←', '→', '↑', '↓'], 'Move'],
          [['Enter'], 'Open'],
          [['Space'], 'Select'],
          [['Shift', '←→↑↓'], 'Select a range'],
          [['Drag'], 'Select by a rectangle'],
          [['Ctrl', 'A'], 'Select all'],
          [['Esc'], 'Clear selection, go back'],
        ],
      ],
      [
        'People',
        [
          [['N'], 'Name or rename'],
          [['Y'], 'Accept the suggested name'],
          [['X'], 'Refuse the suggested name'],
          [['M'], 'Merge or name the selected'],
          [['I'], 'Ignore the group'],
          [['H'], 'Hide people, or show them again'],
          [['/'], 'Filter by name'],
        ],
      ],
      [
        'Review',
        [
          [['Y', 'N'], 'Yes, no'],
          [['Enter'], 'Yes, or give a name'],
          [['1', '–', '9'], 'It is the person with this number'],
          [['E'], 'It is somebody else'],
          [['W'], 'Why this person?'],
          [['S'], 'Not sure: do not ask again'],
          [['K'], 'Skip'],
          [['I'], 'Ignore'],
          [['Space'], 'Pick the face in focus out'],
          [['⌫'], 'Take the last answer back'],
        ],
      ],
      [
        'Faces of a person',
        [
          [['Y'], 'Confirm'],
          [['N'], 'Not this person'],
          [['Shift', 'Y'], 'Confirm all suggestions'],
          [['M'], 'Move to another person'],
          [['V'], 'Compare the face, or the two selected'],
          [['S'], 'Split out as a new group'],
          [['D'], 'In a group: select who looks different'],
          [['I'], 'Ignore'],
          [['R'], 'Rename; in Set aside: restore'],
          [['C'], 'Use the face as the picture of the person'],
          [['B'], 'Give the birth date'],
          [['H'], 'Hide the person, or show again'],
          [['U'], 'Delete the name, keep the faces'],
          [['Del'], 'Not a face'],
        ],
      ],
      [
        'Search',
        [
          [['N'], 'Add a person'],
          [['A'], 'Person in focus: with'],
          [['O'], 'Person in focus: or'],
          [['X'], 'Person in focus: without'],
          [['Del'], 'Remove the person in focus'],
        ],
      ],
      [
        'Map of faces',
        [
          [['←', '→', '↑', '↓'], 'Move; in space: turn'],
          [['+', '−', '0'], 'Zoom, show all'],
          [['2', '3'], 'Flat, in space'],
          [['P'], 'Next person or group; with Shift the one before'],
          [['A'], 'Select the faces of that person or group'],
          [['Space'], 'Select the faces in the ring'],
          [['L'], 'Draw a line around faces by dragging'],
          [['N'], 'Name the selected'],
          [['V'], 'Compare the selected, one or two'],
          [['I'], 'Ignore the selected'],
          [['B'], 'As another head saw faces, and back'],
          [['Enter'], 'Open the face in the middle'],
        ],
      ],
      [
        'History',
        [
          [['↑', '↓'], 'Move'],
          [['T'], 'Take the action back'],
        ],
      ],
      [
        'Photo',
        [
          [['←', '→'], 'Previous, next'],
          [['+', '−', '0'], 'Zoom, fit'],
          [['F'], 'Faces on or off'],
          [['Tab'], 'Go through the faces'],
          [['Enter'], 'Name the face in focus'],
          [['A'], 'Mark a face that was missed'],
          [['B'], 'Correct the box of the face in focus'],
          [['Shift', '←→↑↓'], 'Make a box that is drawn larger, smaller'],
          [['D'], 'Details'],
          [['O'], 'Show the file in the file manager'],
          [['Esc'], 'Back'],
        ],
      ],
    ] as const,
  },
} as const;
