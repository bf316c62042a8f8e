"""The interpreter's operations: their codes, and what stands in their rows after the code.

Sizes are numbers of float32 values unless said otherwise; x, y, ... are addresses.
"""

WIDTH, REALS = 20, 4

LOOP = 0  # size, x, y, z, strides of x, y, z, function, data: a NumPy loop
LOOPS = 1  # the same, then outer size, outer strides of x, y, z
GEMM = 2  # function, x transposed, y transposed, m, n, k, x, its rows' distance, y, its, z, its
GEMV = 3  # function, rows, columns, matrix, ones, sum of rows
RELU = 4  # size, x, y
MASKED = 5  # size, y of relu, gradient, out
SUM_ROWS = 6  # rows, size, x, y, add's function, data
SOFTMAX = 7  # rows, size, x, y, exp's function, data, add's function, data, scratch
TAKE = 8  # rows, classes, x, labels, labels are 64-bit, y
SPARSE = 9  # rows, classes, p, labels, labels are 64-bit, gradient, out; real: low, high
ADD_MEAN = 10  # size, x, state, add's float64 function, data, float64 scratch
ADD_WEIGHTED = 11  # x, state; real: weight
COUNT = 12  # int64 address
ARGMAX = 13  # rows, size, x, int64 y
FROM_BOOL = 14  # size, bool x, y
TO_LONG = 15  # size, int32 x, int64 y
MOVE = 16  # bytes, x, y
FILL = 17  # size, y; real: value
ADAM = 18  # size, gradient, rate, int64 iterations, mean, variance, weights, rounds as BLAS does;
#          real: betas, epsilon
SGD = 19  # size, gradient, rate, weights
MOMENTUM = 20  # size, gradient, rate, velocity, weights, nesterov; real: momentum
GATHER = 21  # bytes of a row, source, target: the rows of the batch
CLIP = 22  # size, x, y; real: low, high
PRODUCT = 23  # m, n, k, x, its rows' and columns' bytes, y, its rows' (turned: columns') bytes, z,
#             its rows' bytes, longest piece of k, unit, scratch for y, rows at once, what y
#             becomes first (see products), scratch for rows of x or 0, bytes of a panel of y if all
#             are kept
PRODUCT_ADAM = 24  # the same; on each of its stripes then the next row, of Adam
HELD = 25  # like ADAM; carried out with the row before
