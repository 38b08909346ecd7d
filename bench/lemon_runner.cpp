// Runs LEMON's NetworkSimplex on an instance: transport (binary, see solver/src/instances.rs) or DIMACS text.
// Prints: objective, seconds to build the graph, seconds to solve.
//   lemon_runner transport FILE | lemon_runner mcf FILE
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#include <lemon/static_graph.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

using Clock = std::chrono::steady_clock;
using Graph = lemon::StaticDigraph;
using Simplex = lemon::NetworkSimplex<Graph, int64_t, int64_t>;

static double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// LEMON answers in its value type only, and these objectives exceed 63 bits.
static void print(__int128 value, double build, double solve, double cpu) {
    std::string digits;
    bool negative = value < 0;
    if (negative) value = -value;
    do digits.insert(digits.begin(), char('0' + int(value % 10))), value /= 10;
    while (value);
    std::printf("%s%s %.6f %.6f %.6f\n", negative ? "-" : "", digits.c_str(), build, solve, cpu);
}

struct Net {
    std::vector<int64_t> supply;
    std::vector<std::pair<int, int>> ends;
    std::vector<int64_t> lower, upper, cost;
};

static int solve(Net& net) {
    auto start = Clock::now();
    // StaticDigraph wants arcs sorted by tail.
    std::vector<int> order(net.ends.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = int(i);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return net.ends[a].first < net.ends[b].first; });
    std::vector<std::pair<int, int>> sorted;
    sorted.reserve(order.size());
    for (int i : order) sorted.push_back(net.ends[i]);
    Graph graph;
    graph.build(int(net.supply.size()), sorted.begin(), sorted.end());
    Graph::ArcMap<int64_t> cost(graph), upper(graph), lower(graph);
    for (size_t k = 0; k < order.size(); ++k) {
        auto arc = graph.arc(int(k));
        cost[arc] = net.cost[order[k]];
        upper[arc] = net.upper[order[k]];
        lower[arc] = net.lower[order[k]];
    }
    Graph::NodeMap<int64_t> supply(graph);
    for (size_t i = 0; i < net.supply.size(); ++i) supply[graph.node(int(i))] = net.supply[i];
    Simplex simplex(graph);
    simplex.costMap(cost).upperMap(upper).lowerMap(lower).supplyMap(supply);
    double build = since(start);
    start = Clock::now();
    auto ticks = std::clock();
    auto status = simplex.run();
    double seconds = since(start), cpu = double(std::clock() - ticks) / CLOCKS_PER_SEC;
    if (status != Simplex::OPTIMAL) {
        std::fprintf(stderr, "not optimal: %d\n", int(status));
        return 1;
    }
    __int128 total = 0;
    for (size_t k = 0; k < order.size(); ++k) total += __int128(simplex.flow(graph.arc(int(k)))) * cost[graph.arc(int(k))];
    print(total, build, seconds, cpu);
    return 0;
}

static int transport(const char* path) {
    FILE* file = std::fopen(path, "rb");
    char magic[4];
    uint32_t n, m;
    if (!file || std::fread(magic, 1, 4, file) != 4 || std::memcmp(magic, "PSKT", 4) || std::fread(&n, 4, 1, file) != 1 ||
        std::fread(&m, 4, 1, file) != 1)
        return 2;
    std::vector<int64_t> quantity(n), penalty(n), stock(m);
    std::vector<int32_t> row(m);
    bool whole = std::fread(quantity.data(), 8, n, file) == n && std::fread(penalty.data(), 8, n, file) == n &&
                 std::fread(stock.data(), 8, m, file) == m;
    auto start = Clock::now();
    // Tail-sorted from the start: supplies, then the root, then demands.
    Net net;
    size_t arcs = size_t(n) * m + n + m;
    int64_t balance = 0;
    for (auto s : stock) net.supply.push_back(s), balance -= s;
    for (auto q : quantity) balance += q;
    net.supply.push_back(balance);
    for (auto q : quantity) net.supply.push_back(-q);
    std::vector<std::pair<int, int>> ends(arcs);
    std::vector<int64_t> costs(arcs);
    for (uint32_t d = 0; whole && d < n; ++d) {
        whole = std::fread(row.data(), 4, m, file) == m;
        for (uint32_t s = 0; s < m; ++s) {
            size_t k = size_t(s) * (n + 1) + d;
            ends[k] = {int(s), int(m + 1 + d)};
            costs[k] = row[s];
        }
        ends[size_t(m) * (n + 1) + d] = {int(m), int(m + 1 + d)};
        costs[size_t(m) * (n + 1) + d] = penalty[d];
    }
    for (uint32_t s = 0; s < m; ++s) {
        size_t k = size_t(s) * (n + 1) + n;
        ends[k] = {int(s), int(m)};
        costs[k] = 0;
    }
    std::fclose(file);
    if (!whole) return 2;
    start = Clock::now();
    Graph graph;
    graph.build(int(net.supply.size()), ends.begin(), ends.end());
    std::vector<std::pair<int, int>>().swap(ends);
    Graph::ArcMap<int64_t> cost(graph);
    for (size_t k = 0; k < arcs; ++k) cost[graph.arc(int(k))] = costs[k];
    std::vector<int64_t>().swap(costs);
    Graph::NodeMap<int64_t> supply(graph);
    for (size_t i = 0; i < net.supply.size(); ++i) supply[graph.node(int(i))] = net.supply[i];
    Simplex simplex(graph);
    simplex.costMap(cost).supplyMap(supply);
    double build = since(start);
    start = Clock::now();
    auto ticks = std::clock();
    auto status = simplex.run();
    double seconds = since(start), cpu = double(std::clock() - ticks) / CLOCKS_PER_SEC;
    if (status != Simplex::OPTIMAL) {
        std::fprintf(stderr, "not optimal: %d\n", int(status));
        return 1;
    }
    __int128 total = 0;
    for (size_t k = 0; k < arcs; ++k) total += __int128(simplex.flow(graph.arc(int(k)))) * cost[graph.arc(int(k))];
    print(total, build, seconds, cpu);
    return 0;
}

static int mcf(const char* path) {
    FILE* file = std::fopen(path, "r");
    if (!file) return 2;
    char line[256];
    Net net;
    while (std::fgets(line, sizeof line, file)) {
        long long a, b, c, d, e;
        if (std::sscanf(line, "p min %lld %lld", &a, &b) == 2) net.supply.assign(a, 0);
        else if (std::sscanf(line, "n %lld %lld", &a, &b) == 2) net.supply[a - 1] = b;
        else if (std::sscanf(line, "a %lld %lld %lld %lld %lld", &a, &b, &c, &d, &e) == 5) {
            net.ends.push_back({int(a - 1), int(b - 1)});
            net.lower.push_back(c);
            net.upper.push_back(d);
            net.cost.push_back(e);
        }
    }
    std::fclose(file);
    return solve(net);
}

int main(int argc, char** argv) {
    if (argc == 3 && !std::strcmp(argv[1], "transport")) return transport(argv[2]);
    if (argc == 3 && !std::strcmp(argv[1], "mcf")) return mcf(argv[2]);
    std::fprintf(stderr, "usage: lemon_runner transport|mcf FILE\n");
    return 2;
}
