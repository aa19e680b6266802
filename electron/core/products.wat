;; Dot products of the rows of two matrices: target[i, j] = sum over k of a[i, k] * b[j, k].
;; products.ts holds what an assembler makes of this text; a test compares the two.
;;
;; Matrices lie row by row, as 32-bit floats. Two rows of a and four rows of b are taken at a time:
;; each number that is read is used two or four times, and the eight sums fit the registers of a
;; processor. A sum is four partial ones until its row ends.
(module
  (memory (export "memory") 1)

  (func (export "products")
    (param $a i32)       ;; places of the first rows, bytes
    (param $b i32)
    (param $target i32)
    (param $rows i32)    ;; of a and of the target: even, above 0
    (param $columns i32) ;; rows of b, columns of the target: a multiple of 4, above 0
    (param $length i32)  ;; of a row of a or b, bytes: a multiple of 16, above 0

    (local $width i32)   ;; of a row of the target, bytes
    (local $left i32)    ;; columns that are not done
    (local $cell i32)    ;; place in the target
    (local $at i32)      ;; place in the rows that are multiplied, bytes from their start
    (local $a1 i32) (local $b0 i32) (local $b1 i32) (local $b2 i32) (local $b3 i32)
    (local $sum00 v128) (local $sum01 v128) (local $sum02 v128) (local $sum03 v128)
    (local $sum10 v128) (local $sum11 v128) (local $sum12 v128) (local $sum13 v128)
    (local $x0 v128) (local $x1 v128) (local $y v128)

    (local.set $width (i32.shl (local.get $columns) (i32.const 2)))
    (loop $eachTwoRows
      (local.set $a1 (i32.add (local.get $a) (local.get $length)))
      (local.set $b0 (local.get $b))
      (local.set $cell (local.get $target))
      (local.set $left (local.get $columns))

      (loop $eachFourColumns
        (local.set $b1 (i32.add (local.get $b0) (local.get $length)))
        (local.set $b2 (i32.add (local.get $b1) (local.get $length)))
        (local.set $b3 (i32.add (local.get $b2) (local.get $length)))
        (local.set $sum00 (v128.const f32x4 0 0 0 0))
        (local.set $sum01 (v128.const f32x4 0 0 0 0))
        (local.set $sum02 (v128.const f32x4 0 0 0 0))
        (local.set $sum03 (v128.const f32x4 0 0 0 0))
        (local.set $sum10 (v128.const f32x4 0 0 0 0))
        (local.set $sum11 (v128.const f32x4 0 0 0 0))
        (local.set $sum12 (v128.const f32x4 0 0 0 0))
        (local.set $sum13 (v128.const f32x4 0 0 0 0))

        (local.set $at (i32.const 0))
        (loop $eachFourNumbers
          (local.set $x0 (v128.load (i32.add (local.get $a) (local.get $at))))
          (local.set $x1 (v128.load (i32.add (local.get $a1) (local.get $at))))
          (local.set $y (v128.load (i32.add (local.get $b0) (local.get $at))))
          (local.set $sum00 (f32x4.add (local.get $sum00) (f32x4.mul (local.get $x0) (local.get $y))))
          (local.set $sum10 (f32x4.add (local.get $sum10) (f32x4.mul (local.get $x1) (local.get $y))))
          (local.set $y (v128.load (i32.add (local.get $b1) (local.get $at))))
          (local.set $sum01 (f32x4.add (local.get $sum01) (f32x4.mul (local.get $x0) (local.get $y))))
          (local.set $sum11 (f32x4.add (local.get $sum11) (f32x4.mul (local.get $x1) (local.get $y))))
          (local.set $y (v128.load (i32.add (local.get $b2) (local.get $at))))
          (local.set $sum02 (f32x4.add (local.get $sum02) (f32x4.mul (local.get $x0) (local.get $y))))
          (local.set $sum12 (f32x4.add (local.get $sum12) (f32x4.mul (local.get $x1) (local.get $y))))
          (local.set $y (v128.load (i32.add (local.get $b3) (local.get $at))))
          (local.set $sum03 (f32x4.add (local.get $sum03) (f32x4.mul (local.get $x0) (local.get $y))))
          (local.set $sum13 (f32x4.add (local.get $sum13) (f32x4.mul (local.get $x1) (local.get $y))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br_if $eachFourNumbers (i32.lt_u (local.get $at) (local.get $length))))

        (f32.store offset=0 (local.get $cell) (call $total (local.get $sum00)))
        (f32.store offset=4 (local.get $cell) (call $total (local.get $sum01)))
        (f32.store offset=8 (local.get $cell) (call $total (local.get $sum02)))
        (f32.store offset=12 (local.get $cell) (call $total (local.get $sum03)))
        (local.set $at (i32.add (local.get $cell) (local.get $width)))
        (f32.store offset=0 (local.get $at) (call $total (local.get $sum10)))
        (f32.store offset=4 (local.get $at) (call $total (local.get $sum11)))
        (f32.store offset=8 (local.get $at) (call $total (local.get $sum12)))
        (f32.store offset=12 (local.get $at) (call $total (local.get $sum13)))

        (local.set $cell (i32.add (local.get $cell) (i32.const 16)))
        (local.set $b0 (i32.add (local.get $b3) (local.get $length)))
        (local.set $left (i32.sub (local.get $left) (i32.const 4)))
        (br_if $eachFourColumns (local.get $left)))

      (local.set $a (i32.add (local.get $a1) (local.get $length)))
      (local.set $target
        (i32.add (local.get $target) (i32.shl (local.get $width) (i32.const 1))))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 2)))
      (br_if $eachTwoRows (local.get $rows))))

  (func $total (param $parts v128) (result f32)
    (f32.add
      (f32.add
        (f32.add
          (f32x4.extract_lane 0 (local.get $parts))
          (f32x4.extract_lane 1 (local.get $parts)))
        (f32x4.extract_lane 2 (local.get $parts)))
      (f32x4.extract_lane 3 (local.get $parts)))))
